namespace Slipway.Tests.Kit;

/// <summary>The machine's clock, but for its wall time, which jumps when it is told to: timers and durations go on as ever.</summary>
public sealed class JumpingClock : TimeProvider
{
    private long offset;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref offset));

    /// <summary>Wall time is off by so much from now on.</summary>
    public void SetOff(TimeSpan by) => Interlocked.Exchange(ref offset, by.Ticks);
}
