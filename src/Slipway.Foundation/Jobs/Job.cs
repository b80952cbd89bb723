using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Jobs;

/// <summary>
/// A job in the hands of one server. The token is larger than that of every earlier claim of this job; whatever the work
/// changes outside should carry it, so that a server that was asleep and comes back is told apart from the one that took over.
/// </summary>
public sealed record Job(string Id, string Kind, string Payload, long Token, int Failures)
{
    /// <summary>Refuses the transaction if another server has taken over meanwhile; keeps it from doing so until the commit.</summary>
    public void Guard(Tx tx)
    {
        if (!JobStore.Holds(tx, this))
            throw Fault.Conflict("job.taken_over", $"Another server has taken over the job {Id}.");
    }
}

/// <summary>
/// A kind of work and how it is done. The work may be done again after a crash, so it is idempotent, or carries the
/// token of the <see cref="Job"/> to whatever it changes outside.
/// </summary>
public sealed record JobKind(string Name, Func<Job, CancellationToken, Task> Work)
{
    /// <summary>For work that recurs: the pause between the end of one round and the beginning of the next. One of all servers does it.</summary>
    public TimeSpan? Every { get; init; }

    /// <summary>How many a server does at once, for work that waits for others; without it, as many as there are hands.</summary>
    public int? AtMost { get; init; }
}
