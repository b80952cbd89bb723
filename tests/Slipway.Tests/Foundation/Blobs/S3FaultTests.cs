using System.Text;
using Slipway.Foundation.Blobs;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using ListMultipartUploadsRequest = Amazon.S3.Model.ListMultipartUploadsRequest;

namespace Slipway.Tests.Foundation.Blobs;

/// <summary>Fault F33: a bucket that fails in every way a bucket can, in front of a real one.</summary>
public sealed class S3FaultTests(S3Server server) : IAsyncLifetime
{
    private const int Large = 20_000_000;

    private readonly TestFolder folder = new();
    private readonly ManualClock clock = new(TimeProvider.System.GetUtcNow());
    private string address = null!;
    private FaultyProxy proxy = null!;
    private S3Blobs store = null!;
    private IBlobs calm = null!;

    public async ValueTask InitializeAsync()
    {
        address = await server.NewAddressAsync();
        var location = S3Location.Parse(address);
        proxy = await FaultyProxy.StartAsync(location.Endpoint!);
        location = location with { Endpoint = proxy.Address, Patience = TimeSpan.FromSeconds(3) };
        store = new S3Blobs(location, folder.At("spool"), clock);
        calm = BlobsAddress.Open(address, folder.At("calm"), clock);
    }

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        await calm.DisposeAsync();
        await proxy.DisposeAsync();
        folder.Dispose();
    }

    public static TheoryData<int, string> Passing() =>
        new()
        {
            { 500, "InternalError" },
            { 503, "SlowDown" },
            { 503, "ServiceUnavailable" },
        };

    [Theory]
    [MemberData(nameof(Passing))]
    public async Task Calls_that_may_be_repeated_are_repeated_until_the_bucket_works(int status, string code)
    {
        var trouble = new Trouble { Status = status, ErrorCode = code };
        var bytes = Bytes(Large);
        var path = BlobPath.Parse("a/large");

        await WithFirst(2, IsPart, trouble, () => store.PutAsync(path, new MemoryStream(bytes)));
        await WithFirst(2, r => r.Method == "PUT", trouble, () => PutAsync("a/small", "small"));
        await WithFirst(2, r => r.Method == "HEAD", trouble, () => store.FindAsync(path));
        await WithFirst(
            2,
            r => r.Method == "GET",
            trouble,
            async () => Assert.Equal(bytes, await ReadAsync("a/large"))
        );
        await WithFirst(2, r => r.Method == "GET", trouble, async () => Assert.Equal(2, await CountAsync("a")));
        await WithFirst(2, r => r.Method == "DELETE", trouble, () => store.DeleteAsync(path));

        Assert.Null(await calm.FindAsync(path));
    }

    [Fact]
    public async Task A_bucket_that_stays_broken_is_unavailable_and_keeps_what_it_had()
    {
        await PutAsync("kept", "old");
        proxy.Script = r => r.Method == "PUT" ? new Trouble { Status = 503, ErrorCode = "SlowDown" } : null;

        var fault = await Assert.ThrowsAsync<Fault>(() => PutAsync("kept", "new"));

        Assert.Equal((FaultKind.Unavailable, "blob.unreachable"), (fault.Kind, fault.Code));
        Assert.Equal("old", await TextAsync(calm, "kept"));
        Assert.Empty(Directory.GetFiles(folder.At("spool")));
    }

    [Fact]
    public async Task Beginning_an_upload_is_not_repeated_because_each_one_would_stay()
    {
        proxy.Script = r => IsBegin(r) ? new Trouble { Status = 500 } : null;

        await Assert.ThrowsAsync<Fault>(() => store.PutAsync(BlobPath.Parse("large"), new MemoryStream(Bytes(Large))));

        Assert.Single(proxy.Seen, IsBegin);
    }

    [Fact]
    public async Task A_completion_whose_answer_got_lost_is_seen_from_the_object_and_not_repeated()
    {
        var bytes = Bytes(Large);
        proxy.Script = r => IsCompletion(r) ? new Trouble { LoseAnswer = true } : null;

        await store.PutAsync(BlobPath.Parse("large"), new MemoryStream(bytes));

        Assert.Single(proxy.Seen, IsCompletion);
        Assert.Equal(bytes, await ReadAsync("large"));
    }

    [Theory]
    [InlineData(500, "InternalError")]
    [InlineData(403, "ExpiredToken")]
    public async Task A_completion_that_failed_leaves_no_blob_and_no_parts(int status, string code)
    {
        proxy.Script = r => IsCompletion(r) ? new Trouble { Status = status, ErrorCode = code } : null;

        var fault = await Assert.ThrowsAsync<Fault>(() =>
            store.PutAsync(BlobPath.Parse("large"), new MemoryStream(Bytes(Large)))
        );

        Assert.Equal(FaultKind.Unavailable, fault.Kind);
        Assert.Single(proxy.Seen, IsCompletion);
        await NothingRemainsAsync("large");
    }

    [Fact]
    public async Task A_key_that_expires_during_an_upload_leaves_nothing()
    {
        var parts = 0;
        proxy.Script = r =>
            IsPart(r) && Interlocked.Increment(ref parts) > 1
                ? new Trouble { Status = 403, ErrorCode = "ExpiredToken" }
                : null;

        var fault = await Assert.ThrowsAsync<Fault>(() =>
            store.PutAsync(BlobPath.Parse("large"), new MemoryStream(Bytes(Large)))
        );

        Assert.Equal(FaultKind.Unavailable, fault.Kind);
        await NothingRemainsAsync("large");
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(Large)]
    public async Task An_upload_that_the_bucket_confirms_with_a_wrong_etag_is_not_acknowledged(int size)
    {
        proxy.Script = r => r.Method == "PUT" ? new Trouble { ETag = "\"0123456789abcdef0123456789abcdef\"" } : null;

        var fault = await Assert.ThrowsAsync<Fault>(() =>
            store.PutAsync(BlobPath.Parse("wrong"), new MemoryStream(Bytes(size)))
        );

        Assert.Equal("blob.unreachable", fault.Code);
    }

    [Fact]
    public async Task A_read_that_breaks_off_goes_on_where_it_stopped_in_the_same_version()
    {
        var bytes = Bytes(3_000_000);
        await store.PutAsync(BlobPath.Parse("long"), new MemoryStream(bytes));
        proxy.Seen.Clear();
        proxy.Script = FaultyProxy.First(2, r => r.Method == "GET", new Trouble { BreakAfter = 700_000 });

        Assert.Equal(bytes, await ReadAsync("long"));

        var reads = proxy.Seen.Where(r => r.Method == "GET").ToList();
        Assert.Equal(3, reads.Count);
        Assert.Equal("bytes=0-", reads[0].Range);
        Assert.All(reads[1..], r => Assert.NotNull(r.IfMatch));
        Assert.All(reads[1..], r => Assert.EndsWith("-2999999", r.Range));
    }

    [Fact]
    public async Task A_read_that_keeps_breaking_off_ends_in_a_fault()
    {
        await store.PutAsync(BlobPath.Parse("long"), new MemoryStream(Bytes(3_000_000)));
        proxy.Script = r => r.Method == "GET" ? new Trouble { BreakAfter = 1000 } : null;

        var fault = await Assert.ThrowsAsync<Fault>(() => ReadAsync("long"));

        Assert.Equal((FaultKind.Unavailable, "blob.unreachable"), (fault.Kind, fault.Code));
    }

    [Fact]
    public async Task A_blob_replaced_while_it_is_read_is_never_mixed()
    {
        await store.PutAsync(BlobPath.Parse("long"), new MemoryStream(Bytes(3_000_000, seed: 1)));
        proxy.Script = FaultyProxy.First(1, r => r.Method == "GET", new Trouble { BreakAfter = 700_000 });
        await using var content = await store.OpenAsync(BlobPath.Parse("long"));
        await calm.PutAsync(BlobPath.Parse("long"), new MemoryStream(Bytes(3_000_000, seed: 2)));

        await Assert.ThrowsAsync<Fault>(() => content.Stream.CopyToAsync(Stream.Null));
    }

    [Theory]
    [InlineData(1000, 0)]
    [InlineData(1000, 999)]
    [InlineData(3_000_000, 1_500_000)]
    public async Task A_byte_changed_on_the_way_is_found(int size, int at)
    {
        await store.PutAsync(BlobPath.Parse("blob"), new MemoryStream(Bytes(size)));
        proxy.Script = r => r.Method == "GET" ? new Trouble { FlipAt = at } : null;

        var fault = await Assert.ThrowsAsync<Fault>(() => ReadAsync("blob"));

        Assert.Equal((FaultKind.Internal, "blob.damaged"), (fault.Kind, fault.Code));
    }

    [Theory]
    [InlineData(1000, 999)]
    [InlineData(1000, 0)]
    [InlineData(3_000_000, 2_999_999)]
    public async Task A_content_that_lacks_its_end_is_found(int size, int remains)
    {
        await store.PutAsync(BlobPath.Parse("blob"), new MemoryStream(Bytes(size)));
        proxy.Script = r => r.Method == "GET" ? new Trouble { ShortenTo = remains } : null;

        var fault = await Assert.ThrowsAsync<Fault>(() => ReadAsync("blob"));

        Assert.Equal("blob.damaged", fault.Code);
    }

    [Fact]
    public async Task The_end_of_a_damaged_blob_is_never_handed_out()
    {
        await store.PutAsync(BlobPath.Parse("blob"), new MemoryStream(Bytes(3_000_000)));
        proxy.Script = r => r.Method == "GET" ? new Trouble { FlipAt = 10 } : null;
        await using var content = await store.OpenAsync(BlobPath.Parse("blob"));
        using var got = new MemoryStream();

        await Assert.ThrowsAsync<Fault>(() => content.Stream.CopyToAsync(got));

        Assert.InRange(got.Length, 1, 2_999_999 - 200_000);
    }

    [Fact]
    public async Task A_bucket_that_does_not_answer_is_given_up()
    {
        await PutAsync("blob", "x");
        proxy.Script = r => r.Method is "GET" or "PUT" ? new Trouble { Hang = true } : null;

        var read = await Assert.ThrowsAsync<Fault>(() => ReadAsync("blob")).WaitAsync(TimeSpan.FromSeconds(60));

        Assert.Equal(FaultKind.Unavailable, read.Kind);
    }

    [Fact]
    public async Task A_caller_who_leaves_is_not_answered_with_a_fault()
    {
        await PutAsync("blob", "x");
        proxy.Script = r => r.Method == "GET" ? new Trouble { Hang = true } : null;
        using var leaving = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            store.OpenAsync(BlobPath.Parse("blob"), cancellation: leaving.Token)
        );
    }

    [Fact]
    public async Task Uploads_in_parts_that_nobody_ends_are_given_up_after_a_day()
    {
        var path = BlobPath.Parse("1/run/artifacts/huge");
        await store.Direct!.CreateAsync(path, 3);
        await store.SweepAsync();
        Assert.Equal(1, await UploadsAsync());

        clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1, await store.SweepAsync());

        Assert.Equal(0, await UploadsAsync());
    }

    private static bool IsPart(ProxiedRequest r) => r.Method == "PUT" && r.Query.Contains("partNumber");

    private static bool IsBegin(ProxiedRequest r) => r.Method == "POST" && r.Query.Contains("uploads");

    private static bool IsCompletion(ProxiedRequest r) => r.Method == "POST" && r.Query.Contains("uploadId");

    private async Task WithFirst(int times, Func<ProxiedRequest, bool> match, Trouble trouble, Func<Task> work)
    {
        var met = 0;
        var script = FaultyProxy.First(times, match, trouble);
        proxy.Script = r =>
        {
            var answer = script(r);
            if (answer is not null)
                Interlocked.Increment(ref met);
            return answer;
        };
        await work();
        Assert.Equal(times, met);
    }

    private async Task NothingRemainsAsync(string path)
    {
        Assert.Null(await calm.FindAsync(BlobPath.Parse(path)));
        Assert.Equal(0, await UploadsAsync());
        Assert.Empty(Directory.GetFiles(folder.At("spool")));
    }

    private async Task<int> UploadsAsync()
    {
        var location = S3Location.Parse(address);
        using var s3 = server.NewClient();
        var request = new ListMultipartUploadsRequest { BucketName = location.Bucket, Prefix = location.Prefix };
        return (await s3.ListMultipartUploadsAsync(request)).MultipartUploads?.Count ?? 0;
    }

    private async Task<int> CountAsync(string prefix)
    {
        var count = 0;
        await foreach (var _ in store.WalkAsync(BlobPath.Parse(prefix)))
            count++;
        return count;
    }

    private Task<Blob> PutAsync(string path, string text) =>
        store.PutAsync(BlobPath.Parse(path), new MemoryStream(Encoding.ASCII.GetBytes(text)));

    private async Task<byte[]> ReadAsync(string path)
    {
        await using var content = await store.OpenAsync(BlobPath.Parse(path));
        using var copy = new MemoryStream();
        await content.Stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static async Task<string> TextAsync(IBlobs blobs, string path)
    {
        await using var content = await blobs.OpenAsync(BlobPath.Parse(path));
        using var reader = new StreamReader(content.Stream);
        return await reader.ReadToEndAsync();
    }

    private static byte[] Bytes(int size, int seed = 1)
    {
        var bytes = new byte[size];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }
}
