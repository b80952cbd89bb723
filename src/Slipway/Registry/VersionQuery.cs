using Slipway.Foundation.Filters;

namespace Slipway.Registry;

/// <summary>What a search for versions asks. Versions of prompts are found only by a filter on their tag.</summary>
public sealed record VersionQuery
{
    /// <summary>Only versions of this model, also where it is a prompt.</summary>
    public string? ModelName { get; init; }

    public Filter Filter { get; init; } = Filter.Empty;

    /// <summary>Those changed last in front where nothing is said.</summary>
    public IReadOnlyList<OrderBy> Order { get; init; } = [];

    public int Offset { get; init; }

    public int Limit { get; init; } = 10_000;
}

public sealed record VersionPage(IReadOnlyList<ModelVersion> Versions, int? NextOffset);
