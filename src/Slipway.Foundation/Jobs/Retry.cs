using Slipway.Sdk;

namespace Slipway.Foundation.Jobs;

/// <summary>What becomes of a job whose work failed.</summary>
internal enum Verdict
{
    /// <summary>It is done again later.</summary>
    Retry,

    /// <summary>It is over: doing it again would fail in the same way.</summary>
    Fail,

    /// <summary>It stays as it is until a person has looked at it.</summary>
    Park,
}

/// <summary>The jobs' column of the table of errors: what each kind of fault means for the work that ran into it.</summary>
internal static class Retry
{
    private const int ParkAfter = 5;

    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(5);

    public static Verdict Of(Exception failure, int failures) =>
        (failure as Fault)?.Kind switch
        {
            FaultKind.Busy or FaultKind.Unavailable => Verdict.Retry,
            FaultKind.Internal or null => failures < ParkAfter ? Verdict.Retry : Verdict.Park,
            _ => Verdict.Fail,
        };

    /// <summary>Twice as long after each failure, spread so that jobs that failed together do not come back together.</summary>
    public static TimeSpan Pause(Exception failure, int failures)
    {
        var growing = TimeSpan.FromSeconds(Math.Pow(2, Math.Min(failures, 16) - 1));
        var pause = growing < LongestPause ? growing : LongestPause;
        if ((failure as Fault)?.RetryAfter is { } asked && asked > pause)
            pause = asked;
        return pause * (0.8 + (0.4 * Random.Shared.NextDouble()));
    }
}
