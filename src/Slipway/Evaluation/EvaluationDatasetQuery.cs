using Slipway.Foundation.Filters;

namespace Slipway.Evaluation;

/// <summary>What a search for evaluation datasets asks; without an order, the newest stand first.</summary>
public sealed record EvaluationDatasetQuery
{
    /// <summary>Where not empty, only datasets that serve one of these.</summary>
    public IReadOnlyList<long> ExperimentIds { get; init; } = [];

    public Filter Filter { get; init; } = Filter.Empty;

    public IReadOnlyList<OrderBy> Order { get; init; } = [];

    public int Offset { get; init; }

    public int Limit { get; init; } = 1000;
}

public sealed record EvaluationDatasetPage(IReadOnlyList<EvaluationDataset> Datasets, int? NextOffset);
