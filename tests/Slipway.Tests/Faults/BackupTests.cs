using System.Text;
using System.Text.Json;
using Slipway.Foundation.Blobs;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Fault F13: backups taken while clients write, brought back elsewhere, and backups that somebody touched.</summary>
public sealed class BackupTests(ITestOutputHelper output, S3Server s3)
{
    public static TheoryData<string, string, string> Places
    {
        get
        {
            var places = new TheoryData<string, string, string>();
            foreach (var kind in TestStore.Kinds)
            {
                places.Add(kind, "folder", "backup");
                places.Add(kind, "folder", "backup.tar");
                places.Add(kind, "bucket", "backup.tar");
            }
            return places;
        }
    }

    [Theory]
    [MemberData(nameof(Places))]
    public async Task A_backup_taken_under_load_holds_all_that_was_acknowledged_before_it_began(
        string store,
        string blobs,
        string name
    )
    {
        using var folder = new TestFolder();
        using var here = TestDatabase.Create(store);
        using var there = TestDatabase.Create(store);
        var hereBlobs = await BlobAddressAsync(blobs);
        var thereBlobs = await BlobAddressAsync(blobs);
        string[] hereOptions = [.. here.Options, .. BlobOptions(hereBlobs)];
        string[] thereOptions = [.. there.Options, .. BlobOptions(thereBlobs)];
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart { DataPath = folder.At("data"), Options = hereOptions }
        );
        var clients = await LoggingClient.StartAsync(server, 16);
        var load = clients.Select(client => client.LogUntilGoneAsync(server)).ToArray();
        await PutAsync(folder.At("data"), "before.txt", "written before", hereBlobs);
        await Task.Delay(500);

        var before = clients.Select(client => client.Acknowledged).ToList();
        var backup = await RunAsync(
            0,
            ["backup", "--to", folder.At(name), "--data", folder.At("data"), "--json", .. hereOptions]
        );
        Assert.False(load.Any(one => one.IsCompleted), "The load ended before the backup did.");
        await server.KillAsync();
        await Task.WhenAll(load);

        var restore = await RunAsync(
            0,
            ["restore", folder.At(name), "--data", folder.At("elsewhere"), "--json", .. thereOptions]
        );
        await using var restored = await SlipwayProcess.StartAsync(
            new SlipwayStart { DataPath = folder.At("elsewhere"), Options = thereOptions }
        );
        foreach (var (client, acknowledged) in clients.Zip(before))
            await client.CheckPrefixAsync(restored, acknowledged);
        Assert.Equal("written before", await GetAsync(folder.At("elsewhere"), "before.txt", thereBlobs));
        await restored.StopAsync();
        await RunAsync(0, ["audit", "verify", "--data", folder.At("elsewhere"), .. there.Options]);
        output.WriteLine(
            $"{before.Sum()} batches acknowledged before; {Number(backup, "took_ms")} ms to back up, {Number(restore, "rto_ms")} ms to restore"
        );
    }

    [Fact]
    public async Task Other_tables_in_the_same_database_are_neither_taken_nor_touched()
    {
        if (!TestStore.Kinds.Any(kind => kind.Data == "postgres"))
            return;
        using var folder = new TestFolder();
        using var database = TestDatabase.Create("postgres");
        var options = database.Options.ToArray();
        database.Run("create table theirs (id bigint primary key, note text)");
        database.Run("insert into theirs values (1, 'kept')");
        await using (
            var server = await SlipwayProcess.StartAsync(
                new SlipwayStart { DataPath = folder.At("data"), Options = options }
            )
        )
            await server.StopAsync();
        await RunAsync(0, ["backup", "--to", folder.At("backup"), "--data", folder.At("data"), .. options]);
        Assert.False(File.Exists(folder.At("backup", "store", "theirs.rows")));
        string[] restore = ["restore", folder.At("backup"), "--data", folder.At("data"), .. options];
        await RunAsync(4, restore);
        database.Run("insert into theirs values (2, 'added')");
        await RunAsync(0, [.. restore, "--replace", "--yes"]);
        Assert.Equal(2L, database.Ask("select count(*) from theirs"));
    }

    [Fact]
    public async Task A_place_that_holds_something_is_replaced_only_when_that_is_asked_for_and_meant()
    {
        using var folder = new TestFolder();
        var data = folder.At("data");
        await using (var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = data }))
        {
            await PutAsync(server.DataPath, "old.txt", "old");
            await RunAsync(0, "backup", "--to", folder.At("backup"), "--data", data);
            await PutAsync(server.DataPath, "new.txt", "new");
            var inUse = await RunAsync(78, "restore", folder.At("backup"), "--data", data, "--replace", "--yes");
            Assert.Contains("in use", inUse.Error, StringComparison.Ordinal);
            await server.StopAsync();
        }
        var occupied = await RunAsync(4, "restore", folder.At("backup"), "--data", data);
        Assert.Contains("--replace", occupied.Error, StringComparison.Ordinal);
        var unconfirmed = await RunAsync(2, "restore", folder.At("backup"), "--data", data, "--replace");
        Assert.Contains("--yes", unconfirmed.Error, StringComparison.Ordinal);
        await RunAsync(0, "restore", folder.At("backup"), "--data", data, "--replace", "--yes");

        await using var again = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = data });
        Assert.Equal("old", await GetAsync(data, "old.txt"));
        Assert.Null(await GetAsync(data, "new.txt"));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("backup.tar")]
    public async Task A_backup_that_was_touched_is_refused_and_nothing_is_restored(string name)
    {
        using var folder = new TestFolder();
        await using (var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") }))
        {
            await PutAsync(server.DataPath, "a.txt", "some content");
            await RunAsync(0, "backup", "--to", folder.At(name), "--data", folder.At("data"));
        }
        var files = Directory.Exists(folder.At(name))
            ? Directory.GetFiles(folder.At(name), "*", SearchOption.AllDirectories)
            : [folder.At(name)];
        var random = new Random(1);
        for (var i = 0; i < Seeds.Count(12, 200); i++)
        {
            var file = files[random.Next(files.Length)];
            var whole = await File.ReadAllBytesAsync(file);
            await File.WriteAllBytesAsync(
                file,
                i % 3 == 0 ? whole[..random.Next(whole.Length)] : Flipped(whole, random)
            );
            var refused = await SlipwayCommand.RunAsync("restore", folder.At(name), "--data", folder.At("elsewhere"));
            Assert.True(refused.ExitCode == 2, $"{file}: {refused.ExitCode} {refused.Output} {refused.Error}");
            Assert.False(File.Exists(folder.At("elsewhere", "slipway.db")));
            await File.WriteAllBytesAsync(file, whole);
        }
        await RunAsync(
            2,
            "restore",
            folder.At(name),
            "--data",
            folder.At("elsewhere"),
            "--expect",
            new string('0', 64)
        );
        await RunAsync(0, "restore", folder.At(name), "--data", folder.At("elsewhere"));
    }

    [Theory]
    [InlineData("backup")]
    [InlineData("backup.tar")]
    public async Task A_damaged_artifact_is_named_and_does_not_keep_the_rest_from_the_backup(string name)
    {
        using var folder = new TestFolder();
        await using (var server = await SlipwayProcess.StartAsync(new SlipwayStart { DataPath = folder.At("data") }))
        {
            await PutAsync(server.DataPath, "good.txt", "good");
            await PutAsync(server.DataPath, "bad.txt", "bad");
        }
        var file = Directory.GetFiles(folder.At("data", "blobs"), "bad.txt", SearchOption.AllDirectories).Single();
        var written = File.GetLastWriteTimeUtc(file);
        await File.WriteAllTextAsync(file, "bat");
        File.SetLastWriteTimeUtc(file, written);
        var backup = await RunAsync(1, "backup", "--to", folder.At(name), "--data", folder.At("data"));
        Assert.Contains("bad.txt", backup.Error, StringComparison.Ordinal);
        await RunAsync(0, "restore", folder.At(name), "--data", folder.At("elsewhere"));
    }

    private async Task<string?> BlobAddressAsync(string kind) => kind == "folder" ? null : await s3.NewAddressAsync();

    private static string[] BlobOptions(string? address) => address is null ? [] : ["--blobs", address];

    private static byte[] Flipped(byte[] whole, Random random)
    {
        var changed = (byte[])whole.Clone();
        changed[random.Next(changed.Length)] ^= (byte)(1 << random.Next(8));
        return changed;
    }

    private static async Task PutAsync(string data, string name, string content, string? address = null)
    {
        await using var blobs = BlobsAddress.Open(address, data, TimeProvider.System);
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        await blobs.PutAsync(BlobPath.Parse($"runs/{name}"), stream);
    }

    private static async Task<string?> GetAsync(string data, string name, string? address = null)
    {
        await using var blobs = BlobsAddress.Open(address, data, TimeProvider.System);
        if (await blobs.FindAsync(BlobPath.Parse($"runs/{name}")) is not { } found)
            return null;
        await using var content = await blobs.OpenAsync(found.Path);
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }

    private static async Task<SlipwayCommand> RunAsync(int exitCode, params string[] args)
    {
        var command = await SlipwayCommand.RunAsync(args);
        Assert.True(command.ExitCode == exitCode, $"{command.ExitCode} {command.Output} {command.Error}");
        return command;
    }

    private static long Number(SlipwayCommand command, string name) =>
        JsonSerializer.Deserialize<JsonElement>(command.Output).GetProperty(name).GetInt64();
}
