using Slipway.Foundation.Filters;

namespace Slipway.Tracing;

/// <summary>What a search for traces asks.</summary>
public sealed record TraceQuery(IReadOnlyList<long> ExperimentIds)
{
    public const int LimitOfAll = 500;

    public Filter Filter { get; init; } = Filter.Empty;

    /// <summary>Traces without the field come last in either direction; those that tie stand newest first.</summary>
    public IReadOnlyList<OrderBy> Order { get; init; } = [];

    public int Limit { get; init; } = 100;

    public string? PageToken { get; init; }
}

/// <summary>One page of traces.</summary>
public sealed record TracePage(IReadOnlyList<Trace> Traces, string? NextPageToken);

/// <summary>How far two conditions on traces go together.</summary>
public sealed record TraceCorrelation(long First, long Second, long Joint, long Total)
{
    /// <summary>
    /// Normalised pointwise mutual information: 1 where the conditions always meet, 0 where they are independent, -1
    /// where they never meet; null where one of them never holds.
    /// </summary>
    public double? Npmi => Of(smoothing: 0);

    /// <summary>The same with half a trace added to every cell of the table, so that small numbers say little.</summary>
    public double? SmoothedNpmi => Of(smoothing: 0.5);

    private double? Of(double smoothing)
    {
        if (Total <= 0 || First == 0 || Second == 0)
            return null;
        if (smoothing == 0 && Joint == 0)
            return -1;
        var both = Joint + smoothing;
        var onlyFirst = First - Joint + smoothing;
        var onlySecond = Second - Joint + smoothing;
        var neither = Total - First - Second + Joint + smoothing;
        var total = both + onlyFirst + onlySecond + neither;
        if (smoothing == 0 && Joint == Total)
            return 1;
        var logBoth = Math.Log(both) - Math.Log(total);
        var information = Math.Log(both) + Math.Log(total) - Math.Log(both + onlyFirst) - Math.Log(both + onlySecond);
        return Math.Clamp(information / -logBoth, -1, 1);
    }
}
