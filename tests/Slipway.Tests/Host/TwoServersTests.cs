using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

/// <summary>
/// Two servers on one PostgreSQL are one product: what either acknowledged, the other knows at once, and who may do what
/// within a second.
/// </summary>
public sealed class TwoServersTests
{
    private const string Password = "a-long-Password-4711";

    [Fact]
    public async Task A_search_on_one_server_sees_what_the_other_has_just_acknowledged()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var one = await SlipwayProcess.StartAsync("--store", postgres.Address);
        await using var other = await SlipwayProcess.StartAsync("--store", postgres.Address);
        // Both have the columns of the search in memory from here on.
        Assert.Empty(await FoundAsync(one, "metrics.loss < 10"));
        Assert.Empty(await FoundAsync(other, "metrics.loss < 10"));
        for (var round = 0; round < Seeds.Count(10, 100); round++)
        {
            var run = await CreateRunAsync(one);
            Assert.Contains(run, await FoundAsync(other, ""));
            await OkAsync(
                other,
                "runs/log-metric",
                new
                {
                    run_id = run,
                    key = "loss",
                    value = 5.0,
                    timestamp = 1,
                    step = 0,
                }
            );
            Assert.Contains(run, await FoundAsync(one, "metrics.loss < 10"));
            await OkAsync(
                one,
                "runs/log-metric",
                new
                {
                    run_id = run,
                    key = "loss",
                    value = 50.0,
                    timestamp = 2,
                    step = 1,
                }
            );
            Assert.DoesNotContain(run, await FoundAsync(other, "metrics.loss < 10"));
            await OkAsync(
                other,
                "runs/set-tag",
                new
                {
                    run_id = run,
                    key = "round",
                    value = "r",
                }
            );
            Assert.Contains(run, await FoundAsync(one, "tags.round = 'r'"));
            await OkAsync(one, "runs/delete", new { run_id = run });
            Assert.DoesNotContain(run, await FoundAsync(other, "tags.round = 'r'"));
        }
    }

    [Fact]
    public async Task A_permission_that_one_server_gives_or_takes_holds_on_the_other_within_a_second()
    {
        await using var postgres = await PostgresServer.StartAsync();
        var start = new SlipwayStart
        {
            Options = ["--store", postgres.Address, "--login"],
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["SLIPWAY_ADMIN_USER"] = "root",
                ["SLIPWAY_ADMIN_PASSWORD"] = Password,
            },
        };
        await using var one = await SlipwayProcess.StartAsync(start);
        await using var other = await SlipwayProcess.StartAsync(start);
        one.Http.DefaultRequestHeaders.Authorization = Basic("root");
        other.Http.DefaultRequestHeaders.Authorization = Basic("ada");
        await OkAsync(one, "users/create", new { username = "ada", password = Password });
        var grant = new
        {
            experiment_id = "0",
            username = "ada",
            permission = "NO_PERMISSIONS",
        };
        await OkAsync(one, "experiments/permissions/create", grant);
        Assert.Equal(HttpStatusCode.Forbidden, await CreateStatusAfterASecondAsync(other));
        foreach (
            var (permission, expected) in new[] { ("EDIT", HttpStatusCode.OK), ("READ", HttpStatusCode.Forbidden) }
        )
        {
            using var changed = await one.Http.PatchAsJsonAsync(
                "/api/2.0/mlflow/experiments/permissions/update",
                grant with
                {
                    permission = permission,
                }
            );
            changed.EnsureSuccessStatusCode();
            Assert.Equal(expected, await CreateStatusAfterASecondAsync(other));
        }
    }

    [Fact]
    public async Task Both_servers_write_one_record_that_is_sealed_without_a_gap()
    {
        await using var postgres = await PostgresServer.StartAsync();
        using var folder = new TestFolder();
        await using var one = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var other = await SlipwayProcess.StartAsync("--store", postgres.Address);
        var count = Seeds.Count(100, 2000);
        await Task.WhenAll(
            Enumerable.Range(0, count).Select(async i => await CreateRunAsync(i % 2 == 0 ? one : other))
        );
        // Whoever sealed may go: the one that stays goes on.
        await other.KillAsync();
        await other.DisposeAsync();
        await CreateRunAsync(one);
        string[] verify = ["audit", "verify", "--store", postgres.Address, "--data", folder.Path, "--json"];
        JsonElement report;
        do
        {
            var result = await SlipwayCommand.RunAsync(verify);
            Assert.True(result.ExitCode == 0, result.Error + result.Output);
            report = JsonSerializer.Deserialize<JsonElement>(result.Output);
        } while (report.GetProperty("unsealed").GetInt64() > 0);
        Assert.True(report.GetProperty("ok").GetBoolean());
        Assert.Equal(count + 1, report.GetProperty("sealed").GetInt64());
    }

    [Fact]
    public async Task Of_equal_names_given_on_both_servers_at_once_one_is_made_and_the_others_are_told()
    {
        await using var postgres = await PostgresServer.StartAsync();
        await using var one = await SlipwayProcess.StartAsync("--store", postgres.Address);
        await using var other = await SlipwayProcess.StartAsync("--store", postgres.Address);
        foreach (var call in new[] { "experiments/create", "registered-models/create" })
        {
            for (var round = 0; round < Seeds.Count(10, 100); round++)
            {
                var answers = await Task.WhenAll(
                    Enumerable
                        .Range(0, 6)
                        .Select(i => AnswerAsync(i % 2 == 0 ? one : other, call, new { name = $"n{round}" }))
                );
                Assert.Equal(
                    [.. Enumerable.Repeat("RESOURCE_ALREADY_EXISTS", 5), "made"],
                    answers.Order(StringComparer.Ordinal)
                );
            }
        }
    }

    /// <summary>The code of an error, or that it was made.</summary>
    private static async Task<string> AnswerAsync(SlipwayProcess server, string call, object body)
    {
        using var answer = await server.Http.PostAsJsonAsync($"/api/2.0/mlflow/{call}", body);
        return answer.IsSuccessStatusCode
            ? "made"
            : (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("error_code").GetString()!;
    }

    private static async Task<string> CreateRunAsync(SlipwayProcess server)
    {
        var answer = await OkAsync(server, "runs/create", new { experiment_id = "0", start_time = 1 });
        return answer.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private static async Task<List<string?>> FoundAsync(SlipwayProcess server, string filter)
    {
        var page = await OkAsync(server, "runs/search", new { experiment_ids = new[] { "0" }, filter });
        return page.TryGetProperty("runs", out var runs)
            ? [.. runs.EnumerateArray().Select(run => run.GetProperty("info").GetProperty("run_id").GetString())]
            : [];
    }

    private static async Task<HttpStatusCode> CreateStatusAfterASecondAsync(SlipwayProcess server)
    {
        await Task.Delay(TimeSpan.FromSeconds(1));
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = "0" }
        );
        return answer.StatusCode;
    }

    private static async Task<JsonElement> OkAsync(SlipwayProcess server, string call, object body)
    {
        using var answer = await server.Http.PostAsJsonAsync($"/api/2.0/mlflow/{call}", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{call}: {(int)answer.StatusCode} {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    private static AuthenticationHeaderValue Basic(string user) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{Password}")));
}
