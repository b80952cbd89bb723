using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Blobs;

[SupportedOSPlatform("linux")]
public sealed class FolderBlobsTests : BlobsTests, IDisposable
{
    private readonly TestFolder folder = new();
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private readonly FolderBlobs store;

    public FolderBlobsTests() => store = FolderBlobs.Open(folder.At("blobs"), clock);

    protected override IBlobs Store => store;

    public void Dispose()
    {
        store.DisposeAsync().AsTask().GetAwaiter().GetResult();
        folder.Dispose();
    }

    [Fact]
    public async Task A_person_finds_each_blob_under_its_own_name()
    {
        await PutAsync("7/abc/artifacts/model/MLmodel", "flavors: {}");

        Assert.Equal("flavors: {}", await File.ReadAllTextAsync(Disk("7", "abc", "artifacts", "model", "MLmodel")));
    }

    [Fact]
    public async Task Folders_and_files_are_for_their_owner_alone()
    {
        await PutAsync("1/run/a.txt", "x");

        foreach (
            var path in new[] { Disk(), Disk("1"), Disk("1", "run"), Disk(".slipway"), Disk(".slipway", "uploads") }
        )
            Assert.Equal(
                UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute,
                File.GetUnixFileMode(path)
            );
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Disk("1", "run", "a.txt")));
    }

    [Theory]
    [InlineData(10, 0)]
    [InlineData(500_000, 0)]
    [InlineData(500_000, 250_000)]
    [InlineData(500_000, 499_999)]
    public async Task A_flipped_bit_is_found_before_a_byte_is_handed_out(int size, int at)
    {
        await PutAsync("m/model", Bytes(size));
        Flip(Disk("m", "model"), at);

        var whole = await Assert.ThrowsAsync<Fault>(() => Store.OpenAsync(BlobPath.Parse("m/model")));
        var part = await Assert.ThrowsAsync<Fault>(() =>
            Store.OpenAsync(BlobPath.Parse("m/model"), new ByteRange(0, 3))
        );

        Assert.Equal((FaultKind.Internal, "blob.damaged"), (whole.Kind, whole.Code));
        Assert.Equal("blob.damaged", part.Code);
    }

    [Fact]
    public async Task A_bit_flipped_after_a_good_read_is_found_at_the_next()
    {
        await PutAsync("m/model", Bytes(1000));
        await ReadAsync("m/model");

        Flip(Disk("m", "model"), 500);

        await Assert.ThrowsAsync<Fault>(() => ReadAsync("m/model"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(999)]
    public async Task A_truncated_blob_is_found_at_read(int remains)
    {
        await PutAsync("m/model", Bytes(1000));
        await using (var file = File.OpenWrite(Disk("m", "model")))
            file.SetLength(remains);

        var fault = await Assert.ThrowsAsync<Fault>(() => ReadAsync("m/model"));

        Assert.Equal("blob.damaged", fault.Code);
    }

    [Fact]
    public async Task Two_blobs_that_changed_places_are_found_at_read()
    {
        await PutAsync("m/one", "first");
        await PutAsync("m/two", "other");
        File.Move(Disk("m", "one"), Disk("m", "kept"));
        File.Move(Disk("m", "two"), Disk("m", "one"));
        File.Move(Disk("m", "kept"), Disk("m", "two"));

        Assert.Equal("blob.damaged", (await Assert.ThrowsAsync<Fault>(() => ReadAsync("m/one"))).Code);
        Assert.Equal("blob.damaged", (await Assert.ThrowsAsync<Fault>(() => ReadAsync("m/two"))).Code);
    }

    [Fact]
    public async Task A_file_put_there_by_hand_is_read_and_guarded_from_then_on()
    {
        Directory.CreateDirectory(Disk("hand"));
        await File.WriteAllTextAsync(Disk("hand", "notes.txt"), "by hand");

        Assert.Equal("by hand", Encoding.ASCII.GetString(await ReadAsync("hand/notes.txt")));
        Flip(Disk("hand", "notes.txt"), 2);

        await Assert.ThrowsAsync<Fault>(() => ReadAsync("hand/notes.txt"));
    }

    [Fact]
    public async Task A_link_planted_in_the_store_is_refused_and_not_shown()
    {
        var canary = folder.At("canary");
        await File.WriteAllTextAsync(canary, "secret");
        await PutAsync("1/run/real", "x");
        File.CreateSymbolicLink(Disk("1", "run", "soft"), canary);
        await LinkAsync(canary, Disk("1", "run", "hard"));
        File.CreateSymbolicLink(Disk("1", "away"), folder.Path);

        foreach (var path in new[] { "1/run/soft", "1/run/hard", "1/away/canary" })
        {
            var fault = await Assert.ThrowsAsync<Fault>(() => Store.OpenAsync(BlobPath.Parse(path)));
            Assert.Equal((FaultKind.Denied, "blob.link"), (fault.Kind, fault.Code));
            await Assert.ThrowsAsync<Fault>(() => Store.FindAsync(BlobPath.Parse(path)));
        }
        Assert.Equal("1/run/real", Assert.Single(await ListAsync("1/run")).Path.Value);
        Assert.Equal("1/run", Assert.Single(await ListAsync("1")).Path.Value);
    }

    [Fact]
    public async Task Nothing_is_written_or_deleted_through_a_planted_link()
    {
        var outside = Directory.CreateDirectory(folder.At("outside")).FullName;
        await File.WriteAllTextAsync(Path.Combine(outside, "canary"), "untouched");
        await PutAsync("1/run/real", "x");
        File.CreateSymbolicLink(Disk("1", "away"), outside);
        File.CreateSymbolicLink(Disk("1", "run", "soft"), Path.Combine(outside, "canary"));

        Assert.Equal("blob.link", (await Assert.ThrowsAsync<Fault>(() => PutAsync("1/away/canary", "evil"))).Code);
        Assert.Equal("blob.link", (await Assert.ThrowsAsync<Fault>(() => PutAsync("1/away/new", "evil"))).Code);
        await Assert.ThrowsAsync<Fault>(() => Store.DeleteAsync(BlobPath.Parse("1/away/canary")));
        await PutAsync("1/run/soft", "replaces the link itself");
        await Store.DeleteAsync(BlobPath.Parse("1"));

        Assert.Equal("untouched", await File.ReadAllTextAsync(Path.Combine(outside, "canary")));
        Assert.Single(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task A_pipe_planted_in_the_store_is_refused_at_once()
    {
        Directory.CreateDirectory(Disk("1"));
        using var mkfifo = Process.Start("mkfifo", [Disk("1", "pipe")]);
        await mkfifo.WaitForExitAsync();

        var fault = await Assert
            .ThrowsAsync<Fault>(() => Store.OpenAsync(BlobPath.Parse("1/pipe")))
            .WaitAsync(TimeSpan.FromSeconds(10));

        Assert.Equal(FaultKind.Denied, fault.Kind);
    }

    [Fact]
    public async Task An_upload_that_a_crash_left_behind_is_swept_and_a_living_one_is_not()
    {
        await File.WriteAllTextAsync(Disk(".slipway", "uploads", "crashed"), "half of it");
        Directory.CreateDirectory(Disk(".slipway", "trash", "half-deleted", "inside"));
        var body = new SlowStream();
        var upload = Store.PutAsync(BlobPath.Parse("slow"), body);
        await body.Reading;
        clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(2, await Store.SweepAsync());

        Assert.Single(Directory.GetFiles(Disk(".slipway", "uploads")));
        body.End();
        await upload;
        Assert.Empty(Directory.GetFileSystemEntries(Disk(".slipway", "uploads")));
        Assert.Empty(Directory.GetFileSystemEntries(Disk(".slipway", "trash")));
    }

    [Fact]
    public async Task A_cancelled_upload_removes_its_file_at_once()
    {
        using var cancel = new CancellationTokenSource();
        var body = new SlowStream();
        var upload = Store.PutAsync(BlobPath.Parse("1/slow"), body, cancel.Token);
        await body.Reading;

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => upload);
        Assert.Empty(Directory.GetFileSystemEntries(Disk(".slipway", "uploads")));
        Assert.Equal([Disk(".slipway")], Directory.GetFileSystemEntries(Disk()));
    }

    [Fact]
    public async Task The_folder_of_the_store_itself_cannot_be_reached()
    {
        foreach (var path in new[] { ".slipway", ".slipway/uploads/x", "%2eslipway/x" })
            Assert.Throws<Fault>(() => BlobPath.Parse(path));
        await PutAsync("a", "x");
        Assert.Equal("a", Assert.Single(await ListAsync("")).Path.Value);
    }

    private string Disk(params string[] names) => folder.At(["blobs", .. names]);

    private static void Flip(string file, long at)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x10));
    }

    private static async Task LinkAsync(string target, string name)
    {
        using var link = Process.Start("ln", [target, name]);
        await link.WaitForExitAsync();
    }

    /// <summary>A body that stands still after its first bytes until told to end.</summary>
    private sealed class SlowStream : MemoryStream
    {
        private readonly TaskCompletionSource reading = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource ending = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Reading => reading.Task;

        public void End() => ending.SetResult();

        public override async ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        )
        {
            if (reading.TrySetResult())
                return 1;
            await ending.Task.WaitAsync(cancellationToken);
            return 0;
        }
    }
}
