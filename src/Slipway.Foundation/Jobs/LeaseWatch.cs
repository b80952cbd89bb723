namespace Slipway.Foundation.Jobs;

/// <summary>
/// Tells whose lease has run out, without comparing clocks: a running job counts as left behind when its beat has not
/// grown for the length of a lease on this server's own monotonic clock. Wall clocks may jump and differ between servers.
/// </summary>
internal sealed class LeaseWatch(TimeProvider clock, TimeSpan lease)
{
    private Dictionary<string, (long Beat, long Since)> seen = [];

    public List<Heartbeat> LeftBehind(IReadOnlyCollection<Heartbeat> running)
    {
        var now = clock.GetTimestamp();
        var next = new Dictionary<string, (long Beat, long Since)>();
        var left = new List<Heartbeat>();
        foreach (var job in running)
        {
            var isSame = seen.TryGetValue(job.Id, out var before) && before.Beat == job.Beat;
            next[job.Id] = isSame ? before : (job.Beat, now);
            if (isSame && clock.GetElapsedTime(before.Since, now) >= lease)
                left.Add(job);
        }
        seen = next;
        return left;
    }
}
