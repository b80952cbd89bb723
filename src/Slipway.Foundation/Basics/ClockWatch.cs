using Slipway.Sdk;

namespace Slipway.Foundation.Basics;

/// <summary>
/// Knows how far the wall clock has moved by itself since the server started: what it gained or lost against the
/// monotonic clock. What is removed for its age is not removed on the word of a clock that jumped.
/// </summary>
public sealed class ClockWatch(TimeProvider clock)
{
    private static readonly TimeSpan Tolerance = TimeSpan.FromDays(1);

    private readonly DateTimeOffset startedAt = clock.GetUtcNow();
    private readonly long started = clock.GetTimestamp();

    public bool IsSteady => Moved.Duration() < Tolerance;

    private TimeSpan Moved => clock.GetUtcNow() - startedAt - clock.GetElapsedTime(started);

    /// <summary>Refuses to let go of what is older than a time, where that time cannot be trusted.</summary>
    public void RequirePast(long beforeMs, string field)
    {
        if (!IsSteady)
            throw Fault.Conflict(
                "clock.moved",
                "The clock of the server has moved by more than a day since the server started, so nothing is removed for its age.",
                "See that the clock is right, and start the server again."
            );
        if (beforeMs - clock.GetUtcNow().ToUnixTimeMilliseconds() > Tolerance.TotalMilliseconds)
            throw Fault.Invalid(
                "clock.future",
                "The time lies more than a day ahead of the server's clock.",
                field,
                "See that the clock of the machine that asks is right."
            );
    }
}
