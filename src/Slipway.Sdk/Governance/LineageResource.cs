namespace Slipway.Sdk.Governance;

/// <summary>What leads to a thing and what came of it, as far as whoever asks may know.</summary>
public sealed record LineageResource
{
    /// <summary>What was asked about.</summary>
    public required LineageNodeResource Root { get; init; }

    /// <summary>All that is connected with it.</summary>
    public required IReadOnlyList<LineageNodeResource> Nodes { get; init; }

    /// <summary>How it is connected, from the earlier to the later.</summary>
    public required IReadOnlyList<LineageEdgeResource> Edges { get; init; }

    /// <summary>There is more than was looked at.</summary>
    public bool Cut { get; init; }
}

/// <summary>A dataset, a run, a logged model or a registered version.</summary>
/// <param name="Kind"><c>dataset</c>, <c>run</c>, <c>logged_model</c> or <c>model_version</c>.</param>
/// <param name="Id">Which one.</param>
/// <param name="Label">A name for people; may be empty.</param>
public sealed record LineageNodeResource(string Kind, string Id, string Label);

/// <summary>One thing went into another, or was made of it.</summary>
/// <param name="From">The earlier.</param>
/// <param name="To">The later.</param>
/// <param name="Relation"><c>read</c>, <c>made</c>, <c>registered</c> or <c>copied</c>.</param>
public sealed record LineageEdgeResource(LineageNodeResource From, LineageNodeResource To, string Relation);
