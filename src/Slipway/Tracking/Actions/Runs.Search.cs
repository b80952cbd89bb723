using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Tracking.Actions;

/// <summary>Searching runs.</summary>
public sealed partial class Runs
{
    public const int SearchLimit = 50_000;
    private const int GroupMetricLimit = 50;

    /// <summary>Experiments that do not exist, or that the caller may not see, hold no runs.</summary>
    public Task<RunPage> SearchAsync(Caller caller, RunQuery query, CancellationToken cancellation = default)
    {
        if (query.Limit is < 0 or > SearchLimit)
            throw Fault.Invalid(
                "run.search_limit",
                $"A search returns at most {SearchLimit} runs at a time.",
                "max_results"
            );
        RunFieldRules.Check(query);
        return db.ReadAsync(
            tx =>
            {
                var matches = search.Find(tx, Visible(tx, caller, query));
                var rows = Storage.RunStore.ByNumbers(tx, matches.Page).ToDictionary(row => row.Head.Number);
                var latest = metrics.LatestOf(tx, matches.Page);
                var runs = matches
                    .Page.Select(number => Whole(tx, rows[number], latest.GetValueOrDefault(number, [])))
                    .ToList();
                var next = query.Offset + runs.Count;
                return new RunPage(runs, matches.Total, next < matches.Total ? next : null, matches.Newest);
            },
            cancellation
        );
    }

    /// <summary>The runs that match, by what they have in the field; the order and the page of the query do not count.</summary>
    public Task<RunGroups> GroupAsync(
        Caller caller,
        RunQuery query,
        RunField by,
        IReadOnlyList<string> metricKeys,
        CancellationToken cancellation = default
    )
    {
        if (by.IsNumber || by.Kind == RunFieldKind.Dataset)
            throw Fault.Invalid(
                "run.group_field",
                "Runs are grouped by a param, a tag or a text such as status.",
                "by"
            );
        if (metricKeys.Count > GroupMetricLimit)
            throw Fault.Invalid("run.group_metrics", $"At most {GroupMetricLimit} metrics are summarised.", "metrics");
        RunFieldRules.Check(query);
        return db.ReadAsync(tx => search.Group(tx, Visible(tx, caller, query), by, metricKeys), cancellation);
    }

    private static RunQuery Visible(Foundation.Sql.Tx tx, Caller caller, RunQuery query) =>
        query with
        {
            ExperimentIds =
            [
                .. query.ExperimentIds.Where(id =>
                    caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(id)))
                    && Storage.ExperimentStore.Find(tx, caller.Workspace, id) is not null
                ),
            ],
        };
}
