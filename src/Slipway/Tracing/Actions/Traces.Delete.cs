using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing.Storage;
using Slipway.Tracking.Actions;

namespace Slipway.Tracing.Actions;

/// <summary>Deleting traces.</summary>
public sealed partial class Traces
{
    private const int DeletedAtOnce = 500;

    /// <summary>Where clients that keep spans as files put those of an experiment; deleting a trace leaves its own for the sweep.</summary>
    internal static LodgersFolder Folder { get; } =
        new("traces", (tx, name) => !IsOfTrace(name) || TraceStore.Find(tx, name) is not null);

    /// <summary>Deletes the traces named. Those of other experiments, and those that do not exist, are passed over.</summary>
    public Task<long> DeleteAsync(
        Caller caller,
        long experimentId,
        IReadOnlyList<string> ids,
        CancellationToken cancellation = default
    )
    {
        TraceRules.Ids(ids, TraceRules.TracesPerCall);
        return db.ReclaimAsync(
            tx =>
            {
                Experiments.Find(tx, caller, experimentId, Level.Edit);
                var numbers = TraceStore.NumbersOf(tx, experimentId, ids);
                TraceStore.Delete(tx, numbers);
                return (long)numbers.Count;
            },
            cancellation
        );
    }

    /// <summary>Deletes the oldest traces that are not younger than a time, a few at a time so that nobody waits long behind them.</summary>
    public async Task<long> DeleteUntilAsync(
        Caller caller,
        long experimentId,
        long requestMs,
        long? limit,
        CancellationToken cancellation = default
    )
    {
        if (limit is <= 0)
            throw Fault.Invalid("trace.delete_limit", "'max_traces' must be a positive integer.", "max_traces");
        var deleted = 0L;
        while (true)
        {
            var most = Math.Min(DeletedAtOnce, (limit ?? long.MaxValue) - deleted);
            var count = await db.ReclaimAsync(
                tx =>
                {
                    Experiments.Find(tx, caller, experimentId, Level.Edit);
                    var numbers = TraceStore.OldestUntil(tx, experimentId, requestMs, most);
                    TraceStore.Delete(tx, numbers);
                    return numbers.Count;
                },
                cancellation
            );
            deleted += count;
            if (count < DeletedAtOnce || deleted == limit)
                return deleted;
        }
    }

    /// <summary>Ids are 32 hexadecimal digits, since version 3 behind "tr-"; other names are somebody else's.</summary>
    private static bool IsOfTrace(string name)
    {
        var digits = name.StartsWith("tr-", StringComparison.Ordinal) ? name[3..] : name;
        return digits.Length == 32 && digits.All(char.IsAsciiHexDigit);
    }
}
