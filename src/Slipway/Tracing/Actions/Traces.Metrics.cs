using Slipway.Identity;
using Slipway.Tracing.Storage;
using Slipway.Tracking.Actions;

namespace Slipway.Tracing.Actions;

/// <summary>Counts, sums and percentiles over traces, spans and assessments.</summary>
public sealed partial class Traces
{
    /// <summary>Experiments that do not exist, or that the caller may not see, add nothing.</summary>
    public Task<TraceMetricPage> MeasureAsync(
        Caller caller,
        TraceMetricQuery query,
        CancellationToken cancellation = default
    )
    {
        TraceMetricRules.Check(query);
        return db.ReadAsync(
            tx =>
            {
                var visible = Experiments.Visible(tx, caller, query.ExperimentIds);
                var points = new TraceMetricSql(tx, query with { ExperimentIds = visible }).Points();
                var page = points.Skip((int)Math.Min(query.Offset, points.Count)).Take(query.Limit).ToList();
                var next = query.Offset + page.Count;
                return new TraceMetricPage(page, next < points.Count ? next : null);
            },
            cancellation
        );
    }
}
