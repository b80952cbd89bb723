using Slipway.Foundation.Filters;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing.Storage;
using Slipway.Tracking.Actions;

namespace Slipway.Tracing.Actions;

/// <summary>Searching traces.</summary>
public sealed partial class Traces
{
    /// <summary>Experiments that do not exist, or that the caller may not see, hold no traces.</summary>
    public Task<TracePage> SearchAsync(Caller caller, TraceQuery query, CancellationToken cancellation = default)
    {
        if (query.Limit is < 1 or > TraceQuery.LimitOfAll)
            throw Fault.Invalid(
                "trace.search_limit",
                $"A search returns 1 to {TraceQuery.LimitOfAll} traces at a time.",
                "max_results"
            );
        return db.ReadAsync(
            tx =>
            {
                var visible = Experiments.Visible(tx, caller, query.ExperimentIds);
                return new TraceSearch(tx, query with { ExperimentIds = visible }, cancellation).Page();
            },
            cancellation
        );
    }

    /// <summary>Counts how often two conditions hold together, among the traces that meet a third.</summary>
    public Task<TraceCorrelation> CorrelateAsync(
        Caller caller,
        IReadOnlyList<long> experimentIds,
        Filter first,
        Filter second,
        Filter among,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync(
            tx =>
            {
                var visible = Experiments.Visible(tx, caller, experimentIds);
                long Count(params Filter[] filters) =>
                    new TraceSearch(
                        tx,
                        new TraceQuery(visible) { Filter = new Filter.All(filters) },
                        cancellation
                    ).Count();
                return new TraceCorrelation(
                    Count(among, first),
                    Count(among, second),
                    Count(among, first, second),
                    Count(among)
                );
            },
            cancellation
        );
}
