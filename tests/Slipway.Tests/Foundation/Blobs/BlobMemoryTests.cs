using Slipway.Foundation.Blobs;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Blobs;

[Collection(Alone.Name)]
public sealed class BlobMemoryTests
{
    [Fact]
    public async Task A_large_blob_takes_no_memory_worth_its_size()
    {
        const long size = 256L << 20;
        using var folder = new TestFolder();
        await using var store = FolderBlobs.Open(folder.Path, TimeProvider.System);
        await store.PutAsync(BlobPath.Parse("warm"), new PatternStream(1 << 20));
        var before = GC.GetTotalAllocatedBytes();

        var stored = await store.PutAsync(BlobPath.Parse("large"), new PatternStream(size));
        await using (var content = await store.OpenAsync(stored.Path))
            await content.Stream.CopyToAsync(Stream.Null);

        Assert.Equal(size, stored.SizeBytes);
        Assert.InRange(GC.GetTotalAllocatedBytes() - before, 0, 32 << 20);
    }

    private sealed class PatternStream(long size) : MemoryStream
    {
        private long left = size;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(left, buffer.Length);
            buffer.Span[..count].Fill((byte)left);
            left -= count;
            return ValueTask.FromResult(count);
        }
    }
}
