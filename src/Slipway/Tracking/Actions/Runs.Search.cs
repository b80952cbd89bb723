using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Tracking.Actions;

/// <summary>Searching runs.</summary>
public sealed partial class Runs
{
    public const int SearchLimit = 50_000;

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
                var visible = query.ExperimentIds.Where(id =>
                    caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(id)))
                    && Storage.ExperimentStore.Find(tx, caller.Workspace, id) is not null
                );
                var matches = search.Find(tx, query with { ExperimentIds = [.. visible] });
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
}
