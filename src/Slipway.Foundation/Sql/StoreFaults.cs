using Slipway.Sdk;

namespace Slipway.Foundation.Sql;

/// <summary>What a failing store means for callers, in sentences.</summary>
internal static class StoreFaults
{
    /// <summary>The fault for a failure of the store; what is no failure of the store stays as it is.</summary>
    public static Exception Explain(Dialect dialect, Exception e) =>
        dialect.Classify(e) switch
        {
            StoreFailure.Contention => Busy(),
            StoreFailure.Full => Full(),
            StoreFailure.ReadOnly => Unavailable(
                "store.read_only",
                "The store cannot be written at the moment; reading goes on."
            ),
            StoreFailure.Unreachable => Unavailable("store.unreachable", "The store does not answer at the moment."),
            StoreFailure.NotDurable => Unavailable("store.not_durable", "The store could not make the change durable."),
            StoreFailure.Corrupt => Damaged(),
            _ => e,
        };

    /// <summary>For the operator who starts the program, and so with the driver's own words.</summary>
    public static Fault CannotOpen(Dialect dialect, Exception e) =>
        dialect.Classify(e) == StoreFailure.Corrupt
            ? (Fault)Explain(dialect, e)
            : new Fault(
                FaultKind.Unavailable,
                "setup.store",
                $"The store cannot be opened: {e.Message}",
                "See what is wrong with: slipway doctor"
            );

    public static Fault Damaged() =>
        Fault.Internal(
            "store.corrupt",
            "The database is damaged.",
            "Stop the server, see what is damaged with: slipway doctor; and bring back a backup with: slipway restore BACKUP --replace"
        );

    public static Fault Full() =>
        Unavailable("store.full", "The disk of the store is full; reading goes on, writing needs space.");

    public static Fault Busy() =>
        new(FaultKind.Busy, "store.busy", "The store is busy: others hold what this needs.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public static Fault QueueFull() =>
        new(FaultKind.Busy, "store.queue_full", "More writes are waiting than the store can take.")
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };

    public static Fault Closing() => Unavailable("store.closing", "The server is stopping.");

    public static Fault OutcomeUnknown() =>
        Unavailable(
            "store.outcome_unknown",
            "The store went away while it made the change durable; the change may have been made or not."
        );

    private static Fault Unavailable(string code, string message) =>
        new(FaultKind.Unavailable, code, message) { RetryAfter = TimeSpan.FromSeconds(5) };
}
