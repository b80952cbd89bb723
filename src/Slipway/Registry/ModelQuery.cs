using Slipway.Foundation.Filters;

namespace Slipway.Registry;

/// <summary>What a search for registered models asks. Prompts are found only by a filter on their tag.</summary>
public sealed record ModelQuery
{
    public Filter Filter { get; init; } = Filter.Empty;

    /// <summary>By name where nothing is said, and where two tie.</summary>
    public IReadOnlyList<OrderBy> Order { get; init; } = [];

    /// <summary>How many models the pages before have shown.</summary>
    public int Offset { get; init; }

    public int Limit { get; init; } = 100;
}

public sealed record ModelPage(IReadOnlyList<RegisteredModel> Models, int? NextOffset);
