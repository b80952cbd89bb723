using System.Collections.Concurrent;
using Slipway.Foundation.Sql;
using Slipway.Identity.Storage;

namespace Slipway.Identity.Actions;

/// <summary>
/// People and grants in memory, so that authenticating a request asks no database: what requests see is never older
/// than half a second, nor than this server's own last change. Another server's change arrives by asking the store what
/// has changed, at most twice a second and only while requests come. Where the store does not answer, nobody is let in
/// on old knowledge.
/// </summary>
internal sealed class AccessBook(Db db, TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(500);

    /// <summary>A server that has not asked for so long may have missed traces of grants that are dropped by now.</summary>
    public static readonly TimeSpan Memory = TimeSpan.FromMinutes(30);

    private readonly SemaphoreSlim turn = new(1);
    private volatile ConcurrentDictionary<(Holder, string), Holding> holdings = [];
    private volatile People? people;
    private long grantsFrom;
    private long readAt;
    private int wanted;
    private int read = -1;

    /// <summary>The people as of the last <see cref="RefreshAsync"/>.</summary>
    public People People => people ?? throw new InvalidOperationException("The book was never read.");

    /// <summary>Makes the next request read what has changed.</summary>
    public void Invalidate() => Interlocked.Increment(ref wanted);

    /// <summary>Forgets everything, for a store that was emptied.</summary>
    public void Forget()
    {
        people = null;
        Invalidate();
    }

    public ValueTask RefreshAsync(CancellationToken cancellation = default) =>
        IsFresh ? ValueTask.CompletedTask : new ValueTask(ReadAsync(cancellation));

    public Standing StandingOf(Person person, string workspace) =>
        new(workspace, HoldingOf(Holder.User(person.Number), workspace), HoldingsOfRoles(person, workspace));

    public bool ManagesServer(Person person) =>
        HoldingOf(Holder.User(person.Number), "").On(Resource.Server) == Level.Manage;

    public void Dispose() => turn.Dispose();

    private bool IsFresh =>
        people is not null
        && Volatile.Read(ref read) == Volatile.Read(ref wanted)
        && clock.GetElapsedTime(Volatile.Read(ref readAt)) < Freshness;

    private Holding HoldingOf(Holder holder, string workspace) =>
        holdings.TryGetValue((holder, workspace), out var holding) ? holding : Holding.Nothing;

    private List<Holding> HoldingsOfRoles(Person person, string workspace)
    {
        if (person.Roles.Count == 0)
            return [];
        var found = new List<Holding>(person.Roles.Count);
        foreach (var (number, place) in person.Roles)
        {
            if (place == workspace)
                found.Add(HoldingOf(Holder.Role(number), workspace));
        }
        return found;
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        await turn.WaitAsync(cancellation);
        try
        {
            if (IsFresh)
                return;
            var now = clock.GetTimestamp();
            var asked = Volatile.Read(ref wanted);
            var known = clock.GetElapsedTime(readAt, now) < Memory ? people : null;
            var from = known is null ? long.MinValue : grantsFrom;
            var (horizon, changed, latest) = await db.ReadAsync(
                tx =>
                {
                    var horizon = tx.Horizon();
                    var changed = AccessStore.ReadGrants(tx, from);
                    var latest = PeopleVersion.Read(tx) == known?.Version ? known : AccessStore.ReadPeople(tx);
                    return (horizon, changed, latest);
                },
                cancellation
            );
            Apply(known is null ? [] : holdings, changed);
            grantsFrom = horizon;
            people = latest;
            Volatile.Write(ref readAt, now);
            Volatile.Write(ref read, asked);
        }
        finally
        {
            turn.Release();
        }
    }

    private void Apply(ConcurrentDictionary<(Holder, string), Holding> book, List<GrantChange> changes)
    {
        foreach (var change in changes)
            book.GetOrAdd((change.Holder, change.Workspace), _ => new Holding()).Set(change.Resource, change.Level);
        holdings = book;
    }
}
