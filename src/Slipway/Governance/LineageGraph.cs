using Slipway.Identity;

namespace Slipway.Governance;

/// <summary>
/// Something that models come from or go to. The kinds of today are <see cref="Dataset"/>, <see cref="Run"/>,
/// <see cref="LoggedModel"/> and <see cref="ModelVersion"/>; upper slices bring more.
/// </summary>
public sealed record LineageNode(string Kind, string Id)
{
    public const string Dataset = "dataset";
    public const string Run = "run";
    public const string LoggedModel = "logged_model";
    public const string ModelVersion = "model_version";

    /// <summary>A name for people; no part of what the node is.</summary>
    public string Label { get; init; } = "";

    public bool Equals(LineageNode? other) => other is not null && Kind == other.Kind && Id == other.Id;

    public override int GetHashCode() => HashCode.Combine(Kind, Id);
}

/// <summary>One thing went into another, or was made of it: from the earlier to the later.</summary>
public sealed record LineageEdge(LineageNode From, LineageNode To, string Relation);

/// <summary>What leads to a thing and what came of it, as far as the caller may know.</summary>
public sealed record LineageGraph(LineageNode Root, IReadOnlyList<LineageNode> Nodes, IReadOnlyList<LineageEdge> Edges)
{
    /// <summary>There is more than was looked at.</summary>
    public bool IsCut { get; init; }
}

/// <summary>
/// Knows edges of lineage: a port, answered by whoever owns what the edges connect. It tells of a node only what the
/// caller may read, and nothing of kinds that it does not know.
/// </summary>
public interface ILineageSource
{
    Task<IReadOnlyList<LineageEdge>> EdgesAsync(Caller caller, LineageNode node, CancellationToken cancellation);
}
