using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Jobs;

/// <summary>A running job as everybody sees it: as long as the beat grows, its server lives.</summary>
internal readonly record struct Heartbeat(string Id, long Beat);

/// <summary>What there is for a server that can do certain kinds of work.</summary>
internal sealed record JobSight(bool AnyDue, List<Heartbeat> Running, HashSet<string> Recurring);

internal static class JobStore
{
    private const int ClocksApartMs = 600_000;
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Parked = 2;

    public static void Add(Tx tx, string id, string kind, string payload, long dueMs, long nowMs) =>
        tx.Execute(
            $"insert into foundation_jobs (id, kind, payload, state, due_ms, decided_ms, token, beat, failures) "
                + $"values (@id, @kind, @payload, {Waiting}, @due_ms, @now_ms, 0, 0, 0) on conflict (id) do nothing",
            ("id", id),
            ("kind", kind),
            ("payload", payload),
            ("due_ms", dueMs),
            ("now_ms", nowMs)
        );

    public static bool Exists(Tx tx, string id) =>
        tx.One("select 1 from foundation_jobs where id = @id", _ => true, ("id", id));

    /// <summary>What there is of these kinds, and whether anything is due of those among them that a hand is free for.</summary>
    public static JobSight Look(
        Tx tx,
        IReadOnlyCollection<string> kinds,
        IReadOnlyCollection<string> free,
        long nowMs
    ) =>
        new(
            tx.One($"{SelectDue(tx)} limit 1", _ => true, ("now_ms", nowMs), ("kinds", tx.Dialect.List(free))),
            tx.Many(
                $"select id, beat from foundation_jobs where state = {Running} and {tx.Dialect.AnyOf("kind", "kinds")}",
                ReadHeartbeat,
                ("kinds", tx.Dialect.List(kinds))
            ),
            [
                .. tx.Many(
                    $"select id from foundation_jobs where {tx.Dialect.AnyOf("id", "ids")}",
                    r => r.Text(0),
                    ("ids", tx.Dialect.List(kinds))
                ),
            ]
        );

    /// <summary>
    /// Takes what others left behind, unless it showed a sign of life since it was looked at, and then what is due, except
    /// for what another server is taking at this moment.
    /// </summary>
    public static List<Job> Claim(
        Tx tx,
        IReadOnlyCollection<string> kinds,
        IReadOnlyCollection<Heartbeat> leftBehind,
        long nowMs,
        int limit
    )
    {
        var jobs = leftBehind.Take(limit).Select(job => Claim(tx, job)).OfType<Job>().ToList();
        var due = tx.Many(
            $"{SelectDue(tx)} order by due_ms, id limit @limit {tx.Dialect.Locks.Claim}",
            ReadHeartbeat,
            ("now_ms", nowMs),
            ("kinds", tx.Dialect.List(kinds)),
            ("limit", limit - jobs.Count)
        );
        jobs.AddRange(due.Select(job => Claim(tx, job)).OfType<Job>());
        return jobs;
    }

    /// <summary>A sign of life; false when the job has another owner.</summary>
    public static bool Beat(Tx tx, Job job) => Change(tx, job, "update foundation_jobs set beat = beat + 1 where") > 0;

    public static bool Holds(Tx tx, Job job) =>
        tx.One(
            $"select 1 from foundation_jobs where id = @id and token = @token and state = {Running} {tx.Dialect.Locks.Row}",
            _ => true,
            ("id", job.Id),
            ("token", job.Token)
        );

    public static bool Remove(Tx tx, Job job) => Change(tx, job, "delete from foundation_jobs where") > 0;

    public static bool Park(Tx tx, Job job, string failure) =>
        tx.Execute(
            $"update foundation_jobs set state = {Parked}, beat = beat + 1, failures = @failures, failure = @failure "
                + $"where id = @id and token = @token and state = {Running}",
            ("failures", job.Failures + 1),
            ("failure", failure),
            ("id", job.Id),
            ("token", job.Token)
        ) > 0;

    /// <summary>Lets the job wait again, for its next round, its next attempt or its next owner.</summary>
    public static bool PutBack(Tx tx, Job job, long dueMs, long nowMs, int failures, string? failure) =>
        tx.Execute(
            $"update foundation_jobs set state = {Waiting}, beat = beat + 1, due_ms = @due_ms, decided_ms = @now_ms, "
                + $"failures = @failures, failure = @failure where id = @id and token = @token and state = {Running}",
            ("due_ms", dueMs),
            ("now_ms", nowMs),
            ("failures", failures),
            ("failure", failure),
            ("id", job.Id),
            ("token", job.Token)
        ) > 0;

    private static Job? Claim(Tx tx, Heartbeat seen) =>
        tx.One(
            $"update foundation_jobs set state = {Running}, token = token + 1, beat = beat + 1 "
                + $"where id = @id and beat = @beat and state <> {Parked} returning id, kind, payload, token, failures",
            r => new Job(r.Text(0), r.Text(1), r.Text(2), r.Long(3), r.Int(4)),
            ("id", seen.Id),
            ("beat", seen.Beat)
        );

    private static string SelectDue(Tx tx) =>
        $"select id, beat from foundation_jobs where state = {Waiting} and {tx.Dialect.AnyOf("kind", "kinds")} "
        // A job that was put off at a time that is yet to come met a clock that went back since. Clocks of two servers
        // may be minutes apart, so less than that says nothing.
        + $"and (due_ms <= @now_ms or decided_ms > @now_ms + {ClocksApartMs})";

    private static Heartbeat ReadHeartbeat(Row r) => new(r.Text(0), r.Long(1));

    private static int Change(Tx tx, Job job, string statement) =>
        tx.Execute(
            $"{statement} id = @id and token = @token and state = {Running}",
            ("id", job.Id),
            ("token", job.Token)
        );
}
