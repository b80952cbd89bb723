using System.Diagnostics;
using System.Globalization;
using System.Net;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Jobs;
using Slipway.Host;
using Slipway.Tests.Faults.Shim;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Fault F14: the program is killed while it brings the store of an older version to its own schema. The next start goes
/// on where it was, what was in the store is there, and the copy from before can still be gone back to. An older version
/// is one that knew fewer rooms.
/// </summary>
public sealed class InterruptedUpgradeTests(ITestOutputHelper output)
{
    private const string Old = "what the older version knew";

    private static IReadOnlyList<Room> OldRooms => [.. Rooms.All.Take(3)];

    [Fact]
    public async Task Killed_at_whichever_file_call_of_an_upgrade_the_next_start_finishes_it()
    {
        using var older = new TestFolder();
        await PrepareAsync(SettingsOf(older.At("data")), OldRooms, withRow: true);
        using var fresh = new TestFolder();
        await PrepareAsync(SettingsOf(fresh.At("data")), Rooms.All);
        var whole = await SchemaAsync(SettingsOf(fresh.At("data")));

        var calls = await UpgradeAsync(older, killAt: null, whole);
        var kills = Seeds.Long ? calls : 5;
        for (var i = 0; i < kills; i++)
            await UpgradeAsync(older, killAt: 1 + (i * calls / kills), whole);
        output.WriteLine($"{kills} kills over {calls} file calls of an upgrade");
        Assert.True(calls > 50, $"Only {calls} file calls: the upgrade did not go through the shim.");
    }

    [Fact]
    public async Task An_upgrade_that_is_cut_off_again_and_again_keeps_the_copy_from_before_it()
    {
        using var folder = new TestFolder();
        var settings = SettingsOf(folder.At("data"));
        await PrepareAsync(settings, OldRooms, withRow: true);
        // Each start gets one room further, and no start gets to the end.
        for (var rooms = OldRooms.Count + 1; rooms < Rooms.All.Count; rooms++)
        {
            await PrepareAsync(settings, [.. Rooms.All.Take(rooms)]);
            File.WriteAllText(folder.At("data", "backups", "upgrade.unfinished"), "");
        }
        await PrepareAsync(settings, Rooms.All);

        var copy = Assert.Single(Directory.GetFiles(folder.At("data", "backups")));
        Directory.CreateDirectory(folder.At("older"));
        File.Move(copy, folder.At("older", "slipway.db"));
        await CheckOldAsync(SettingsOf(folder.At("older")), OldRooms);
    }

    [Fact]
    public async Task On_PostgreSQL_killed_in_whichever_statement_of_an_upgrade_the_next_start_finishes_it()
    {
        if (!TestStore.Kinds.Any(kind => kind.Data == "postgres"))
            return;
        using var fresh = TestDatabase.Create("postgres");
        using var folder = new TestFolder();
        await PrepareAsync(SettingsOf(folder.At("fresh"), fresh), OldRooms);
        StopAt(fresh, 0);
        await PrepareAsync(SettingsOf(folder.At("fresh"), fresh), Rooms.All);
        var statements = Convert.ToInt32(fresh.Ask("select last_value from stop_count"), CultureInfo.InvariantCulture);
        Resume(fresh);
        var whole = await SchemaAsync(SettingsOf(folder.At("fresh"), fresh));

        var kills = Seeds.Long ? statements : 2;
        for (var i = 0; i < kills; i++)
            await UpgradeOnPostgresAsync(stopAt: 1 + (i * statements / kills), whole);
        output.WriteLine($"{kills} kills over {statements} statements of an upgrade");
        Assert.True(statements > 20, $"Only {statements} statements.");
    }

    /// <summary>Upgrades a copy of the old folder, killed at a call and started again; how many calls there were to the end.</summary>
    private static async Task<int> UpgradeAsync(TestFolder older, int? killAt, IReadOnlyList<string> whole)
    {
        using var faults = await FileFaults.PrepareAsync();
        Directory.CreateDirectory(faults.DataPath);
        foreach (var file in Directory.GetFiles(older.At("data"), "slipway.db*"))
            File.Copy(file, Path.Combine(faults.DataPath, Path.GetFileName(file)));
        if (killAt is { } k)
            faults.KillAt(k);
        try
        {
            await using var server = await SlipwayProcess.StartAsync(faults.Start);
            await server.KillAsync();
        }
        catch (SlipwayEndedException) when (killAt is not null)
        {
            // Killed before it was ready.
        }
        var calls = killAt is not null ? 0 : faults.ReadTrace().Count(call => call.Change.Kind != FileChange.Removed);
        faults.Mend();
        var settings = SettingsOf(faults.DataPath);
        await CheckOldAsync(settings, Rooms.All);
        Assert.Equal(whole, await SchemaAsync(settings));
        var backups = Directory.GetFiles(Path.Combine(faults.DataPath, "backups"), "before-*.db");
        Assert.NotEmpty(backups);
        var folder = Directory.CreateDirectory(Path.Combine(faults.DataPath, "back"));
        File.Move(backups.Order(StringComparer.Ordinal).First(), Path.Combine(folder.FullName, "slipway.db"));
        await CheckOldAsync(SettingsOf(folder.FullName), OldRooms);
        return calls;
    }

    private static async Task UpgradeOnPostgresAsync(int stopAt, IReadOnlyList<string> whole)
    {
        using var database = TestDatabase.Create("postgres");
        using var folder = new TestFolder();
        var settings = SettingsOf(folder.At("data"), database);
        await PrepareAsync(settings, OldRooms, withRow: true);
        StopAt(database, stopAt);
        const string Stopped = "from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'";
        var start = SlipwayProcess.StartAsync(
            new SlipwayStart { DataPath = folder.At("data"), Options = database.Options }
        );
        while (!start.IsCompleted && (long)database.Ask($"select count(*) {Stopped}")! == 0)
            await Task.Delay(50);
        Assert.False(start.IsCompleted, "It was ready before the statement came.");
        await KillHolderAsync(folder.At("data"));
        await Assert.ThrowsAsync<SlipwayEndedException>(() => start);
        // PostgreSQL notices at the end of the statement that nobody is there any more.
        database.Run($"select pg_terminate_backend(pid) {Stopped}");
        Resume(database);

        await CheckOldAsync(settings, Rooms.All);
        Assert.Equal(whole, await SchemaAsync(settings));
    }

    /// <summary>From now on the database stands still at the end of its k-th statement on the schema, 0 for none.</summary>
    private static void StopAt(TestDatabase database, int k) =>
        database.Run(
            $$"""
            create sequence stop_count;
            create function stop_here() returns event_trigger language plpgsql as $$
              begin if nextval('stop_count') = {{k}} then perform pg_sleep(60); end if; end $$;
            create event trigger stop_here on ddl_command_end execute function stop_here();
            """
        );

    private static void Resume(TestDatabase database) =>
        database.Run("drop event trigger stop_here; drop function stop_here; drop sequence stop_count");

    private static async Task KillHolderAsync(string data)
    {
        var holder = await File.ReadAllTextAsync(Path.Combine(data, "slipway.pid"));
        using var process = Process.GetProcessById(int.Parse(holder.Split(' ')[0], CultureInfo.InvariantCulture));
        Assert.Equal("slipway", process.ProcessName);
        process.Kill();
    }

    private static ServerSettings SettingsOf(string data, TestDatabase? database = null) =>
        new()
        {
            DataPath = data,
            Store = database?.Options[1],
            Listen = new IPEndPoint(IPAddress.Loopback, 0),
        };

    private static async Task PrepareAsync(ServerSettings settings, IReadOnlyList<Room> rooms, bool withRow = false)
    {
        await using var store = OpenedStore.Open(settings);
        await store.PrepareAsync(rooms);
        if (withRow)
            await store.Db.WriteAsync(tx => new JobBoard(TimeProvider.System).Add(tx, Old, "{}", id: Old));
    }

    private static async Task CheckOldAsync(ServerSettings settings, IReadOnlyList<Room> rooms)
    {
        await using var store = OpenedStore.Open(settings);
        await store.PrepareAsync(rooms);
        var row = await store.Db.ReadAsync(tx =>
            tx.One("select id from foundation_jobs where kind = @kind", r => r.Text(0), ("kind", Old))
        );
        Assert.Equal(Old, row);
    }

    /// <summary>Every table, column and index, and every migration that led there.</summary>
    private static async Task<IReadOnlyList<string>> SchemaAsync(ServerSettings settings)
    {
        await using var store = OpenedStore.Open(settings);
        var shape = settings.Store is null
            ? "select type || ' ' || name || ' ' || coalesce(sql, '') as line from sqlite_master"
            : "select table_name || ' ' || column_name || ' ' || data_type || ' ' || is_nullable as line from information_schema.columns "
                + "where table_schema = 'public' union all select indexdef from pg_indexes where schemaname = 'public'";
        return await store.Db.ReadAsync(tx =>
            tx.Many(
                $"select line from ({shape} union all select slice || number || checksum from foundation_migrations) lines order by line",
                r => r.Text(0)
            )
        );
    }
}
