using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F08: the database is damaged, cut off, somebody else's or too new when the server starts on it.</summary>
public sealed class DamagedStoreTests : IDisposable
{
    private readonly TestFolder folder = new();

    private string Database => folder.At("data", "slipway.db");

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, Action<string>> Damages =>
        new()
        {
            { "a header of zeroes", path => Overwrite(path, 0, new byte[100]) },
            { "a first page of zeroes", path => Overwrite(path, 0, new byte[4096]) },
            { "somebody else's text", path => File.WriteAllText(path, new string('x', 20_000)) },
            { "half of the file", path => Cut(path, new FileInfo(path).Length / 2) },
            { "nothing at all", path => Cut(path, 0) },
        };

    [Theory]
    [MemberData(nameof(Damages))]
    public async Task Is_refused_at_the_start_in_a_sentence_with_the_way_back_and_left_as_it_was(
        string what,
        Action<string> damage
    )
    {
        await PrepareAsync();
        damage(Database);
        var before = await File.ReadAllBytesAsync(Database);

        var refusal = await Assert.ThrowsAsync<SlipwayEndedException>(StartAsync);

        Assert.True(refusal.ExitCode is 70 or 78, $"{what}: {refusal.Message}");
        Assert.Contains("slipway: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("slipway restore", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllBytesAsync(Database));
    }

    [Fact]
    public async Task A_database_of_another_program_is_refused_and_not_written_into()
    {
        Directory.CreateDirectory(folder.At("data"));
        Run("create table invoices (id integer primary key, total real); insert into invoices values (1, 2.5)");

        var refusal = await Assert.ThrowsAsync<SlipwayEndedException>(StartAsync);

        Assert.Equal(78, refusal.ExitCode);
        Assert.Contains("not a database of Slipway", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(1L, Ask("select count(*) from sqlite_master where type = 'table'"));
    }

    [Fact]
    public async Task A_database_of_a_newer_version_is_refused_before_it_is_touched()
    {
        await PrepareAsync();
        Run(
            "insert into foundation_migrations (slice, number, file, checksum, applied_ms) "
                + "values ('tracking', 9999, '9999_later.sql', 'x', 1)"
        );

        var refusal = await Assert.ThrowsAsync<SlipwayEndedException>(StartAsync);

        Assert.Equal(4, refusal.ExitCode);
        Assert.Contains("newer", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Pages_overwritten_at_random_are_an_error_or_the_truth_and_never_something_else()
    {
        await PrepareAsync();
        var whole = await File.ReadAllBytesAsync(Database);
        var random = new Random(8);
        for (var round = 0; round < Seeds.Count(5, 200); round++)
        {
            await File.WriteAllBytesAsync(Database, whole);
            for (var page = 0; page < 3; page++)
                Overwrite(Database, random.Next(1, whole.Length / 4096) * 4096, new byte[4096]);
            try
            {
                await using var server = await StartAsync();
                foreach (var run in new[] { "a", "b", "c" })
                {
                    var (status, value) = await ReadAsync(server, run);
                    Assert.True((int)status is 200 or 404 or 500 or 503, $"round {round}: {(int)status}");
                    if (status == HttpStatusCode.OK)
                        Assert.True(value is null || value == $"value of {run}", $"round {round}: {value}");
                }
            }
            catch (SlipwayEndedException refusal)
            {
                Assert.DoesNotContain("   at ", refusal.Message, StringComparison.Ordinal);
            }
        }
    }

    private Task<SlipwayProcess> StartAsync() =>
        SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") });

    /// <summary>A stopped server's folder with three runs, each with a parameter that names it; a stop folds the log in.</summary>
    private async Task PrepareAsync()
    {
        await using var server = await StartAsync();
        foreach (var run in new[] { "a", "b", "c" })
        {
            (
                await server.Http.PutAsJsonAsync($"/api/v1/runs/{Id(run)}", new { experiment = "damaged" })
            ).EnsureSuccessStatusCode();
            var log = new { @params = new Dictionary<string, string> { ["p"] = $"value of {run}" } };
            (await server.Http.PostAsJsonAsync($"/api/v1/runs/{Id(run)}/log", log)).EnsureSuccessStatusCode();
        }
        Assert.Equal(0, await server.StopAsync());
    }

    private static string Id(string run) => new(run[0], 32);

    private static async Task<(HttpStatusCode Status, string? Value)> ReadAsync(SlipwayProcess server, string run)
    {
        using var answer = await server.Http.GetAsync($"/api/v1/runs/{Id(run)}");
        if (answer.StatusCode != HttpStatusCode.OK)
            return (answer.StatusCode, null);
        var read = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (
            answer.StatusCode,
            read.TryGetProperty("params", out var parameters) && parameters.TryGetProperty("p", out var value)
                ? value.GetString()
                : null
        );
    }

    private static void Overwrite(string path, long at, byte[] with)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.Position = at;
        file.Write(with);
    }

    private static void Cut(string path, long length)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Write);
        file.SetLength(length);
    }

    private void Run(string sql) => Ask(sql);

    private object? Ask(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }
}
