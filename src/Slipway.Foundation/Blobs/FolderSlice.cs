using Microsoft.Win32.SafeHandles;

namespace Slipway.Foundation.Blobs;

/// <summary>A stretch of an open file as a stream; several can be read from one file at once.</summary>
internal sealed class FolderSlice(SafeFileHandle file, long offset, long lengthBytes, bool ownsFile = true) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => lengthBytes;

    public override long Position { get; set; }

    public override int Read(Span<byte> buffer)
    {
        var read = RandomAccess.Read(file, buffer[..Fitting(buffer.Length)], offset + Position);
        Position += read;
        return read;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var part = buffer[..Fitting(buffer.Length)];
        var read = await RandomAccess.ReadAsync(file, part, offset + Position, cancellationToken);
        Position += read;
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override long Seek(long offset, SeekOrigin origin) =>
        Position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => Position + offset,
            _ => lengthBytes + offset,
        };

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    protected override void Dispose(bool disposing)
    {
        if (disposing && ownsFile)
            file.Dispose();
        base.Dispose(disposing);
    }

    private int Fitting(int count) => (int)Math.Clamp(lengthBytes - Position, 0, count);
}
