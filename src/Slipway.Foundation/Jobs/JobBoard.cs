using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Jobs;

/// <summary>Where verbs and listeners put work that is to be done outside their transaction.</summary>
public sealed class JobBoard(TimeProvider clock)
{
    /// <summary>
    /// Makes the job part of the transaction. With an id of the caller's choice it is put in once, however often the same
    /// transaction is repeated, until it is done.
    /// </summary>
    public string Add(Tx tx, string kind, string payload, string? id = null, TimeSpan delay = default)
    {
        var now = clock.GetUtcNow();
        id ??= Guid.NewGuid().ToString("N");
        JobStore.Add(tx, id, kind, payload, (now + delay).ToUnixTimeMilliseconds(), now.ToUnixTimeMilliseconds());
        return id;
    }

    /// <summary>Whether the job waits, runs or is parked.</summary>
    public static bool Has(Tx tx, string id) => JobStore.Exists(tx, id);
}
