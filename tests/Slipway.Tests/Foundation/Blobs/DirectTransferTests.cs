using System.Net;
using System.Security.Cryptography;
using Slipway.Foundation.Blobs;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Blobs;

/// <summary>What a client does with a bucket itself, through addresses that the server signed.</summary>
public sealed class DirectTransferTests(S3Server server) : IAsyncLifetime
{
    private const int PartBytes = 5 << 20; // S3 takes no smaller part but the last

    private readonly TestFolder folder = new();
    private readonly HttpClient http = new();
    private readonly BlobPath path = BlobPath.Parse("1/run/artifacts/model é.bin");
    private IBlobs store = null!;

    public async ValueTask InitializeAsync() =>
        store = BlobsAddress.Open(await server.NewAddressAsync(), folder.At("spool"), TimeProvider.System);

    public async ValueTask DisposeAsync()
    {
        await store.DisposeAsync();
        http.Dispose();
        folder.Dispose();
    }

    [Fact]
    public async Task Parts_sent_by_the_client_become_one_blob()
    {
        var bytes = RandomNumberGenerator.GetBytes(PartBytes + 1000);
        var (upload, parts) = await store.Direct!.CreateAsync(path, 2);
        var sent = new[]
        {
            await SendAsync(parts[1], bytes[PartBytes..]),
            await SendAsync(parts[0], bytes[..PartBytes]),
        };
        Assert.Null(await store.FindAsync(path));

        await store.Direct.CompleteAsync(path, upload, sent);

        await using var content = await store.OpenAsync(path);
        using var copy = new MemoryStream();
        await content.Stream.CopyToAsync(copy);
        Assert.Equal(bytes, copy.ToArray());
        Assert.Null(content.Blob.Sha256);
    }

    [Fact]
    public async Task An_aborted_upload_leaves_nothing_and_cannot_be_completed()
    {
        var (upload, parts) = await store.Direct!.CreateAsync(path, 1);
        var sent = await SendAsync(parts[0], [1, 2, 3]);

        await store.Direct.AbortAsync(path, upload);

        var fault = await Assert.ThrowsAsync<Fault>(() => store.Direct.CompleteAsync(path, upload, [sent]));
        Assert.Equal((FaultKind.NotFound, "blob.upload_not_found"), (fault.Kind, fault.Code));
        Assert.Null(await store.FindAsync(path));
    }

    [Fact]
    public async Task Parts_that_were_never_sent_are_refused()
    {
        var (upload, _) = await store.Direct!.CreateAsync(path, 1);
        var invented = new SentPart(1, "\"0123456789abcdef0123456789abcdef\"");

        var fault = await Assert.ThrowsAsync<Fault>(() => store.Direct.CompleteAsync(path, upload, [invented]));

        Assert.Equal((FaultKind.Invalid, "blob.parts"), (fault.Kind, fault.Code));
    }

    [Fact]
    public async Task An_address_is_good_for_its_own_part_alone()
    {
        var (_, parts) = await store.Direct!.CreateAsync(path, 1);
        var other = new Uri(parts[0].Url.Replace("artifacts", "elsewhere"));

        using var answer = await http.PutAsync(other, new ByteArrayContent([1]));

        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
    }

    [Fact]
    public async Task A_blob_can_be_read_from_a_signed_address()
    {
        await store.PutAsync(path, new MemoryStream([1, 2, 3]));

        var url = await store.Direct!.DownloadUrlAsync(path);

        Assert.Equal([1, 2, 3], await http.GetByteArrayAsync(new Uri(url)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(10_001)]
    public async Task An_upload_has_no_more_parts_than_S3_takes(int parts) =>
        Assert.Equal(
            FaultKind.Invalid,
            (await Assert.ThrowsAsync<Fault>(() => store.Direct!.CreateAsync(path, parts))).Kind
        );

    [Fact]
    public async Task A_folder_cannot_be_uploaded_over()
    {
        await store.PutAsync(path, new MemoryStream([1]));

        var fault = await Assert.ThrowsAsync<Fault>(() => store.Direct!.CreateAsync(path.Parent, 1));

        Assert.Equal("blob.is_folder", fault.Code);
    }

    private async Task<SentPart> SendAsync(PartUrl part, byte[] bytes)
    {
        using var answer = await http.PutAsync(new Uri(part.Url), new ByteArrayContent(bytes));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return new SentPart(part.Number, answer.Headers.ETag!.Tag);
    }
}
