using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>What a foreign server sends: of a bounded length, and given up when nothing comes for a while.</summary>
internal sealed class BoundedStream(Stream inner, long longest, TimeSpan patience, TimeProvider clock) : Stream
{
    private long read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => read;
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, silence.Token);
        int count;
        try
        {
            count = await inner.ReadAsync(buffer, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Broken($"nothing more of it came for {patience.TotalSeconds:0} s");
        }
        catch (IOException e)
        {
            throw Broken(e.Message);
        }
        read += count;
        return read <= longest
            ? count
            : throw Fault.Invalid("import.file_too_long", $"The file is longer than {longest >> 30} GiB.");
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    private static Fault Broken(string why) =>
        new(
            FaultKind.Unavailable,
            "import.broken_off",
            $"A file broke off: {why}.",
            "Call the import again: it goes on where it was."
        );

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            inner.Dispose();
        base.Dispose(disposing);
    }
}
