using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>
/// Where things come from and where they went, in one call: from a node backwards to all it was made of, and forwards to
/// all that was made of it. Backwards it does not turn round: what else was made of the same data is no part of the answer.
/// </summary>
public sealed class Lineages
{
    private const int NodeLimit = 2000;
    private const int DepthLimit = 50;

    private readonly Func<IEnumerable<ILineageSource>> sources;

    internal Lineages(Func<IEnumerable<ILineageSource>> sources) => this.sources = sources;

    public async Task<LineageGraph> OfAsync(Caller caller, LineageNode root, CancellationToken cancellation = default)
    {
        var known = new Dictionary<LineageNode, IReadOnlyList<LineageEdge>>();
        var edges = new HashSet<LineageEdge>();
        var isCut = false;
        foreach (var isForward in (bool[])[false, true])
            isCut |= await WalkAsync(caller, root, isForward, known, edges, cancellation);
        if (edges.Count == 0 && !await ExistsAsync(caller, root, known, cancellation))
            throw Fault.NotFound("lineage.not_found", $"There is no {root.Kind} '{root.Id}'.");
        var nodes = edges.SelectMany(e => (LineageNode[])[e.From, e.To]).Append(root).GroupBy(n => n).Select(Labelled);
        return new LineageGraph(root, [.. nodes], [.. edges]) { IsCut = isCut };
    }

    private async Task<bool> WalkAsync(
        Caller caller,
        LineageNode root,
        bool isForward,
        Dictionary<LineageNode, IReadOnlyList<LineageEdge>> known,
        HashSet<LineageEdge> edges,
        CancellationToken cancellation
    )
    {
        var seen = new HashSet<LineageNode> { root };
        var wave = new List<LineageNode> { root };
        for (var depth = 0; wave.Count > 0 && depth < DepthLimit; depth++)
        {
            var next = new List<LineageNode>();
            foreach (var node in wave)
            {
                foreach (var edge in await EdgesAsync(caller, node, known, cancellation))
                {
                    var (here, there) = isForward ? (edge.From, edge.To) : (edge.To, edge.From);
                    if (!here.Equals(node))
                        continue;
                    if (known.Count >= NodeLimit)
                        return true;
                    edges.Add(edge);
                    if (seen.Add(there))
                        next.Add(there);
                }
            }
            wave = next;
        }
        return wave.Count > 0;
    }

    private async Task<IReadOnlyList<LineageEdge>> EdgesAsync(
        Caller caller,
        LineageNode node,
        Dictionary<LineageNode, IReadOnlyList<LineageEdge>> known,
        CancellationToken cancellation
    )
    {
        if (known.TryGetValue(node, out var edges))
            return edges;
        var found = new List<LineageEdge>();
        foreach (var source in sources())
        {
            try
            {
                found.AddRange(await source.EdgesAsync(caller, node, cancellation));
            }
            catch (Fault fault) when (fault.Kind is FaultKind.NotFound or FaultKind.Denied)
            {
                // Gone, or not for this caller: it stays a name at the end of an edge.
            }
        }
        known[node] = found;
        return found;
    }

    /// <summary>Whether any source can read it: asked of the node itself, where nothing leads to it or from it.</summary>
    private async Task<bool> ExistsAsync(
        Caller caller,
        LineageNode root,
        Dictionary<LineageNode, IReadOnlyList<LineageEdge>> known,
        CancellationToken cancellation
    )
    {
        known.Remove(root);
        foreach (var source in sources())
        {
            try
            {
                await source.EdgesAsync(caller, root, cancellation);
                if (root.Kind != LineageNode.Dataset)
                    return true;
            }
            catch (Fault fault) when (fault.Kind is FaultKind.NotFound or FaultKind.Denied)
            {
                return false;
            }
        }
        return false;
    }

    private static LineageNode Labelled(IEnumerable<LineageNode> same) =>
        same.FirstOrDefault(node => node.Label.Length > 0) ?? same.First();
}
