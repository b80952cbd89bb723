using System.IO.Pipelines;
using Slipway.Doors.Mlflow.Import;
using Slipway.Sdk;

namespace Slipway.Doors.Tests.Mlflow.Import;

public sealed class BoundedStreamTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_that_does_not_end_is_refused()
    {
        await using var stream = Bounded(new MemoryStream(new byte[100]), longest: 99);
        var fault = await Assert.ThrowsAsync<Fault>(() => stream.CopyToAsync(Stream.Null, Cancellation));
        Assert.Equal("import.file_too_long", fault.Code);
    }

    [Fact]
    public async Task A_file_of_which_nothing_more_comes_is_given_up()
    {
        var pipe = new Pipe();
        await pipe.Writer.WriteAsync(new byte[10], Cancellation);
        await using var stream = Bounded(pipe.Reader.AsStream(), longest: 99);
        await stream.ReadExactlyAsync(new byte[10], Cancellation);
        var fault = await Assert.ThrowsAsync<Fault>(() => stream.CopyToAsync(Stream.Null, Cancellation));
        Assert.Equal("import.broken_off", fault.Code);
    }

    [Fact]
    public async Task A_file_that_fits_comes_whole()
    {
        await using var stream = Bounded(new MemoryStream([1, 2, 3]), longest: 3);
        using var read = new MemoryStream();
        await stream.CopyToAsync(read, Cancellation);
        Assert.Equal([1, 2, 3], read.ToArray());
    }

    private static BoundedStream Bounded(Stream inner, long longest) =>
        new(inner, longest, TimeSpan.FromMilliseconds(50), TimeProvider.System);
}
