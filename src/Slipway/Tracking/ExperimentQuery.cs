using Slipway.Foundation.Filters;

namespace Slipway.Tracking;

/// <summary>What a search for experiments asks.</summary>
public sealed record ExperimentQuery
{
    public Filter Filter { get; init; } = Filter.Empty;

    public IReadOnlyList<OrderBy> Order { get; init; } = [];

    public View View { get; init; } = View.ActiveOnly;

    public int Offset { get; init; }

    public int Limit { get; init; } = 1000;
}

public sealed record ExperimentPage(IReadOnlyList<Experiment> Experiments, int Total, int? NextOffset);
