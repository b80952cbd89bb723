using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Console;
using Slipway.Foundation.Sql;

namespace Slipway.Host;

/// <summary>
/// The data folder and the row store, held by this process: by the server, or by a command that works while no server
/// runs. Before the schema of an older version is changed, a copy of the database is put aside.
/// </summary>
internal sealed class OpenedStore : IAsyncDisposable
{
    private const int CopiesKept = 3;

    private readonly TimeProvider clock;

    private OpenedStore(ServerFolder folder, Db db, SpaceReserve? reserve, TimeProvider clock)
    {
        this.clock = clock;
        Folder = folder;
        Db = db;
        Reserve = reserve;
        if (reserve is not null)
            db.MayGrow = reserve.MayGrow;
    }

    public ServerFolder Folder { get; }

    public Db Db { get; }

    /// <summary>Null where the database lies on a disk of somebody else.</summary>
    public SpaceReserve? Reserve { get; }

    public static OpenedStore Open(ServerSettings settings, TimeProvider? clock = null)
    {
        var folder = ServerFolder.Open(settings.DataPath);
        try
        {
            var db = new Db(StoreAddress.ToDialect(settings.Store, folder.DatabaseFile));
            var reserve = settings.Store is null ? SpaceReserve.Take(folder.Path) : null;
            return new OpenedStore(folder, db, reserve, clock ?? TimeProvider.System);
        }
        catch (Exception)
        {
            folder.Dispose();
            throw;
        }
    }

    /// <summary>Does a command's work on the services of all rooms, without a server.</summary>
    public static async Task<T> UseAsync<T>(ParseResult parsed, Func<IServiceProvider, Task<T>> work)
    {
        var settings = new ServerSettings
        {
            DataPath = parsed.GetRequiredValue(ConsoleOptions.Data),
            Store = parsed.GetValue(ConsoleOptions.Store),
            Blobs = parsed.GetValue(ConsoleOptions.Blobs),
            Listen = new(System.Net.IPAddress.Loopback, 0),
        };
        await using var store = Open(settings);
        await store.PrepareAsync(Rooms.All);
        var services = new ServiceCollection();
        services.AddSingleton(typeof(ILogger<>), typeof(Microsoft.Extensions.Logging.Abstractions.NullLogger<>));
        store.AddTo(services, settings, Rooms.All);
        await using var provider = services.BuildServiceProvider();
        return await work(provider);
    }

    /// <summary>Brings the store to this version's schema and sees that every store's own rows are there.</summary>
    public async Task PrepareAsync(IReadOnlyList<Room> rooms)
    {
        var sets = rooms.Select(room => room.Migrations).OfType<MigrationSet>();
        await Migrations.ApplyAsync(Db, sets, clock, PutCopyAside);
        if (File.Exists(UpgradeMark))
            File.Delete(UpgradeMark);
        await Db.WriteAsync(tx =>
        {
            foreach (var room in rooms)
                room.Seed?.Invoke(tx, clock);
        });
    }

    public void AddTo(IServiceCollection services, ServerSettings settings, IReadOnlyList<Room> rooms)
    {
        services.AddSingleton(settings);
        services.AddSingleton(Folder);
        services.AddSingleton(Db);
        services.AddSingleton(clock);
        services.AddSingleton(new ClockWatch(clock));
        foreach (var room in rooms)
            room.Services?.Invoke(services);
    }

    public async ValueTask DisposeAsync()
    {
        await Db.DisposeAsync();
        Folder.Dispose();
    }

    /// <summary>There while an upgrade is under way; it bears no name of a copy.</summary>
    private string UpgradeMark => Path.Combine(Folder.BackupFolder, "upgrade.unfinished");

    private void PutCopyAside()
    {
        // What an upgrade that was cut off left is no older version, and its copies must not push the real one out.
        if (File.Exists(UpgradeMark))
            return;
        ServerFolder.CreatePrivately(Folder.BackupFolder);
        var stamp = clock.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var unfinished = Path.Combine(Folder.BackupFolder, "upgrade.part");
        File.Delete(unfinished);
        if (!Db.TryCopyTo(unfinished))
            return;
        File.Move(unfinished, Path.Combine(Folder.BackupFolder, $"before-{ProductVersion.Text}-{stamp}.db"));
        var copies = Directory.GetFiles(Folder.BackupFolder, "before-*.db");
        foreach (var old in copies.OrderByDescending(File.GetLastWriteTimeUtc).Skip(CopiesKept))
            File.Delete(old);
        File.WriteAllText(UpgradeMark, "");
    }
}
