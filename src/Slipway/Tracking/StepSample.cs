namespace Slipway.Tracking;

/// <summary>Which steps of a metric a caller wants to see, both ends included.</summary>
public readonly record struct StepRange(long First, long Last);

/// <summary>
/// The steps at which a chart shows a metric of several runs: evenly spaced over the steps that any of them has, so
/// that all curves have points at the same places, and the first and last step of each run, so that none looks cut.
/// </summary>
internal static class StepSample
{
    /// <summary>Without a range, all steps from 0 on.</summary>
    public static HashSet<long> Of(IReadOnlyList<IReadOnlyList<MetricPoint>> histories, StepRange? range, int limit)
    {
        var steps = histories.SelectMany(points => points).Select(point => point.Step).Distinct().Order().ToList();
        var (first, last) = range ?? new StepRange(0, steps.Count > 0 ? steps[^1] : 0);
        var chosen = Spread(steps, Position(steps, first, behind: false), Position(steps, last, behind: true), limit);
        foreach (var points in histories.Where(points => points.Count > 0))
        {
            foreach (var step in (ReadOnlySpan<long>)[points.Min(p => p.Step), points.Max(p => p.Step)])
            {
                if (step >= first && step <= last)
                    chosen.Add(step);
            }
        }
        return chosen;
    }

    private static HashSet<long> Spread(List<long> steps, int start, int end, int limit)
    {
        var count = end - start;
        if (count <= limit)
            return [.. steps[start..end]];
        var spacing = (double)count / limit;
        var chosen = new HashSet<long>();
        for (var i = 0; i < limit; i++)
            chosen.Add(steps[start + (int)(i * spacing)]);
        chosen.Add(steps[end - 1]);
        return chosen;
    }

    /// <summary>Where the step stands among the others, or would; or the place behind it.</summary>
    private static int Position(List<long> steps, long step, bool behind)
    {
        var position = steps.BinarySearch(step);
        return position < 0 ? ~position
            : behind ? position + 1
            : position;
    }
}
