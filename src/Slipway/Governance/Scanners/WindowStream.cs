namespace Slipway.Governance.Scanners;

/// <summary>A part of a file that can be read from any place, as a file of its own.</summary>
internal sealed class WindowStream(Stream whole, long start, long length, bool owns = false) : Stream
{
    private long position;

    public override bool CanRead => true;

    public override bool CanSeek => true;

    public override bool CanWrite => false;

    public override long Length => length;

    public override long Position
    {
        get => position;
        set => position = value;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var wanted = (int)Math.Clamp(length - position, 0, buffer.Length);
        whole.Position = start + position;
        var read = whole.Read(buffer[..wanted]);
        position += read;
        return read;
    }

    public override long Seek(long offset, SeekOrigin origin) =>
        position = origin switch
        {
            SeekOrigin.Begin => offset,
            SeekOrigin.Current => position + offset,
            _ => length + offset,
        };

    protected override void Dispose(bool disposing)
    {
        if (disposing && owns)
            whole.Dispose();
        base.Dispose(disposing);
    }

    public override void Flush() { }

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
