using System.Net;
using Slipway.Foundation.Basics;
using Slipway.Host;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

public sealed class UpgradeTests : IDisposable
{
    private readonly TestFolder temporary = new();

    private ServerSettings Settings =>
        new() { DataPath = temporary.At("data"), Listen = new IPEndPoint(IPAddress.Loopback, 0) };

    private string[] Copies =>
        Directory.Exists(temporary.At("data", "backups")) ? Directory.GetFiles(temporary.At("data", "backups")) : [];

    public void Dispose() => temporary.Dispose();

    [Fact]
    public async Task A_database_of_an_older_version_is_copied_before_it_is_changed()
    {
        // An older version is one that knew fewer rooms.
        await PrepareAsync([.. Rooms.All.Take(3)]);
        Assert.Empty(Copies);

        await PrepareAsync(Rooms.All);

        var copy = Assert.Single(Copies);
        Assert.Contains($"before-{ProductVersion.Text}-", copy, StringComparison.Ordinal);
        var older = temporary.At("older");
        Directory.CreateDirectory(older);
        File.Move(copy, Path.Combine(older, "slipway.db"));
        await using var store = OpenedStore.Open(Settings with { DataPath = older });
        await store.PrepareAsync([.. Rooms.All.Take(3)]);
    }

    [Fact]
    public async Task A_fresh_database_and_one_of_this_version_are_not_copied()
    {
        await PrepareAsync(Rooms.All);
        await PrepareAsync(Rooms.All);

        Assert.Empty(Copies);
    }

    private async Task PrepareAsync(IReadOnlyList<Room> rooms)
    {
        await using var store = OpenedStore.Open(Settings);
        await store.PrepareAsync(rooms);
    }
}
