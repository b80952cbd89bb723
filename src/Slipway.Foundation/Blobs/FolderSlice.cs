using Microsoft.Win32.SafeHandles;

namespace Slipway.Foundation.Blobs;

/// <summary>A stretch of an open file as a stream that owns the file.</summary>
internal sealed class FolderSlice(SafeFileHandle file, long offset, long lengthBytes) : ReadingStream
{
    private long position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var want = (int)Math.Min(buffer.Length, lengthBytes - position);
        if (want == 0)
            return 0;
        var read = await RandomAccess.ReadAsync(file, buffer[..want], offset + position, cancellationToken);
        position += read;
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            file.Dispose();
        base.Dispose(disposing);
    }
}
