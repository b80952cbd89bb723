using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Tracking.Storage;

/// <summary>
/// What a workspace may have at most, where whoever runs the server said so. What it has is counted in a row of its own,
/// in the transaction that makes or purges it, so that the count is exact however many do so at once. It begins with
/// what is there, and begins anew with each start, so that nothing need be counted where there is no quota.
/// </summary>
internal sealed class Quotas
{
    public const string Experiments = "experiments";
    public const string Runs = "runs";

    /// <summary>Names are never let go of, so of them those count that a workspace was the first to log.</summary>
    public const string MetricNames = "metric-names";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly IReadOnlyDictionary<string, long> limits;

    public Quotas(IReadOnlyDictionary<string, long> limits)
    {
        this.limits = limits;
        if (limits.Keys.FirstOrDefault(kind => kind is not (Experiments or Runs or MetricNames)) is { } unknown)
            throw Fault.Invalid(
                "setup.quota_kind",
                $"There is no quota of '{unknown}'.",
                "--quota",
                $"There are quotas of {Experiments}, {Runs} and {MetricNames}."
            );
    }

    public static Quotas None { get; } = new(new Dictionary<string, long>());

    /// <summary>Counts one that is about to be made; refused where the workspace has all that it may have.</summary>
    public void Take(Tx tx, string workspace, string kind)
    {
        if (!limits.TryGetValue(kind, out var limit))
            return;
        var name = NameOf(kind, workspace);
        var count = Change(tx, name, 1);
        if (count is null)
        {
            tx.Lock($"tracking_{name}");
            count = Change(tx, name, 1) ?? Begin(tx, name, workspace, kind);
        }
        if (count > limit)
            throw new Fault(
                FaultKind.Busy,
                "quota.full",
                $"The workspace '{workspace}' may have {limit} {kind} and has as many.",
                "Purge what is not needed, or ask who runs the server for more: slipway up --quota"
            )
            {
                RetryAfter = Patience,
            };
    }

    /// <summary>One was purged.</summary>
    public void GiveBack(Tx tx, string workspace, string kind)
    {
        if (limits.ContainsKey(kind))
            Change(tx, NameOf(kind, workspace), -1);
    }

    /// <summary>Lets what can be counted be counted again when it is next asked for.</summary>
    public static void Forget(Tx tx) =>
        tx.Execute(
            $"delete from tracking_counters where name like '{NameOf(Runs, "%")}' or name like '{NameOf(Experiments, "%")}'"
        );

    private static string NameOf(string kind, string workspace) => $"quota:{kind}:{workspace}";

    private static long? Change(Tx tx, string name, int by) =>
        tx.One(
            "update tracking_counters set value = value + @by where name = @name returning value",
            r => (long?)r.Long(0),
            ("by", by),
            ("name", name)
        );

    private static long Begin(Tx tx, string name, string workspace, string kind)
    {
        var there = kind switch
        {
            Experiments => "select count(*) from tracking_experiments where workspace = @workspace",
            Runs =>
                "select count(*) from tracking_runs r join tracking_experiments e on e.experiment_id = r.experiment_id where e.workspace = @workspace",
            _ => null,
        };
        var count = 1 + (there is null ? 0 : tx.One(there, r => r.Long(0), ("workspace", workspace)));
        tx.Execute(
            "insert into tracking_counters (name, value) values (@name, @value)",
            ("name", name),
            ("value", count)
        );
        return count;
    }
}
