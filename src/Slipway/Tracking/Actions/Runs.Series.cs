using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>Histories as charts want them: many at once, each with no more points than can be seen.</summary>
public sealed partial class Runs
{
    public const int SeriesLimit = 100;
    public const int SeriesPointLimit = 10_000;

    /// <summary>Runs that do not exist, or that the caller may not see, have no histories.</summary>
    public Task<IReadOnlyList<RunSeries>> SeriesAsync(
        Caller caller,
        SeriesQuery query,
        CancellationToken cancellation = default
    )
    {
        if (query.RunIds.Count > SeriesLimit || query.Keys.Count > SeriesLimit)
            throw Fault.Invalid(
                "run.series_limit",
                $"Histories of at most {SeriesLimit} runs and {SeriesLimit} metrics can be asked for at once."
            );
        if (query.MaxPoints is < 0 or > SeriesPointLimit)
            throw Fault.Invalid(
                "run.series_points",
                $"A drawn history has from 0 to {SeriesPointLimit} points.",
                "max_points"
            );
        return db.ReadAsync<IReadOnlyList<RunSeries>>(
            tx =>
            {
                var found = new List<RunSeries>();
                foreach (var row in RunStore.FindMany(tx, caller.Workspace, [.. query.RunIds.Distinct()]))
                {
                    if (!caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(row.Head.ExperimentId))))
                        continue;
                    foreach (var (key, points) in series.Read(tx, row.Head.Number, query.Keys))
                        found.Add(
                            new RunSeries(row.Head.Id, key, points.Count, Thinning.Thin(points, query.MaxPoints))
                        );
                }
                return found;
            },
            cancellation
        );
    }
}
