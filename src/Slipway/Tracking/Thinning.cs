namespace Slipway.Tracking;

/// <summary>
/// Picks the points of a long series that draw the same line: the series is cut into equal parts, and of each part its
/// lowest and its highest point stay, so that no spike is lost however few points there are.
/// </summary>
internal static class Thinning
{
    /// <summary>At most <paramref name="limit"/> points, in the order of their steps; 0 leaves none.</summary>
    public static IReadOnlyList<MetricPoint> Thin(List<MetricPoint> points, int limit)
    {
        if (limit == 0)
            return [];
        var byStep = IsByStep(points) ? [.. points] : points.OrderBy(point => point.Step).ToArray();
        if (byStep.Length <= limit)
            return byStep;
        // The ends are always kept; with fewer than four points there is no room for anything else.
        if (limit < 4)
            return limit == 1 ? [byStep[^1]] : [byStep[0], byStep[^1]];
        var kept = new List<MetricPoint>(limit) { byStep[0] };
        var inner = byStep.AsSpan(1, byStep.Length - 2);
        var parts = (limit - 2) / 2;
        for (var part = 0; part < parts; part++)
        {
            var start = (int)((long)inner.Length * part / parts);
            var end = (int)((long)inner.Length * (part + 1) / parts);
            KeepExtremes(inner[start..end], kept);
        }
        kept.Add(byStep[^1]);
        return kept;
    }

    /// <summary>Most histories are: they are kept in the order of time.</summary>
    private static bool IsByStep(List<MetricPoint> points)
    {
        for (var i = 1; i < points.Count; i++)
        {
            if (points[i].Step < points[i - 1].Step)
                return false;
        }
        return true;
    }

    private static void KeepExtremes(ReadOnlySpan<MetricPoint> part, List<MetricPoint> kept)
    {
        var (low, high) = (-1, -1);
        for (var i = 0; i < part.Length; i++)
        {
            if (double.IsNaN(part[i].Value))
                continue;
            if (low < 0 || part[i].Value < part[low].Value)
                low = i;
            if (high < 0 || part[i].Value > part[high].Value)
                high = i;
        }
        // A part of nothing but NaN is a gap that one point shows.
        if (low < 0)
            low = high = 0;
        kept.Add(part[Math.Min(low, high)]);
        if (low != high)
            kept.Add(part[Math.Max(low, high)]);
    }
}
