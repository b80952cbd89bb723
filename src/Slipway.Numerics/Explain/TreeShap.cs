using Slipway.Numerics.Learners;

namespace Slipway.Numerics.Explain;

/// <summary>
/// Exact Shapley values of trees in time O(leaves × depth²), where an unknown column sends a row both ways in proportion to
/// the training rows (Lundberg and others, From local explanations to global understanding with explainable AI for trees,
/// 2020, algorithm 2). With correlated columns this differs from the interventional kind, which asks a background sample.
/// </summary>
internal static class TreeShap
{
    public static Explanation Explain(IReadOnlyList<Tree> trees, double start, ReadOnlySpan<double> row)
    {
        var contributions = new double[row.Length];
        var expected = start;
        foreach (var tree in trees)
        {
            expected += Expected(tree.Nodes, 0);
            new Walk(tree.Nodes, row, contributions, fixedColumn: -1, isKnown: false).Start();
        }
        return new Explanation(expected, contributions);
    }

    /// <summary>
    /// Columns by columns: what two columns do together off the diagonal, half to each; what a column does alone on it. A row
    /// sums to the contribution of its column.
    /// </summary>
    public static double[][] Interactions(IReadOnlyList<Tree> trees, ReadOnlySpan<double> row)
    {
        var alone = Explain(trees, 0, row).Contributions;
        var matrix = new double[row.Length][];
        for (var j = 0; j < row.Length; j++)
        {
            double[] known = new double[row.Length],
                unknown = new double[row.Length];
            foreach (var tree in trees)
            {
                new Walk(tree.Nodes, row, known, j, isKnown: true).Start();
                new Walk(tree.Nodes, row, unknown, j, isKnown: false).Start();
            }
            matrix[j] = [.. known.Zip(unknown, (with, without) => (with - without) / 2)];
            matrix[j][j] = 0;
            matrix[j][j] = alone[j] - matrix[j].Sum();
        }
        return matrix;
    }

    private static double Expected(IReadOnlyList<TreeNode> nodes, int at)
    {
        var node = nodes[at];
        return node.IsLeaf
            ? node.Value
            : (
                nodes[node.Left].Cover * Expected(nodes, node.Left)
                + nodes[node.Right].Cover * Expected(nodes, node.Right)
            ) / (nodes[node.Left].Cover + nodes[node.Right].Cover);
    }

    // A column on the way from the root: the share of rows that pass when it is unknown, whether this row passes, and the
    // weight of the subsets of that size.
    private record struct Step(int Column, double Unknown, double Known, double Weight);

    private readonly ref struct Walk(
        IReadOnlyList<TreeNode> nodes,
        ReadOnlySpan<double> row,
        double[] contributions,
        int fixedColumn,
        bool isKnown
    )
    {
        private readonly ReadOnlySpan<double> values = row;

        public void Start() => Visit(0, [], new Step(-1, 1, 1, 1), 1);

        private void Visit(int at, ReadOnlySpan<Step> way, Step next, double share)
        {
            var path = next.Column == fixedColumn && fixedColumn >= 0 ? way.ToArray() : Extend(way, next);
            var node = nodes[at];
            if (node.IsLeaf)
            {
                for (var i = 1; i < path.Length; i++)
                {
                    var step = path[i];
                    contributions[step.Column] +=
                        WeightWithout(path, i) * (step.Known - step.Unknown) * node.Value * share;
                }
                return;
            }
            var (hot, cold) = node.GoesLeft(values) ? (node.Left, node.Right) : (node.Right, node.Left);
            var cover = nodes[node.Left].Cover + nodes[node.Right].Cover;
            double hotShare = nodes[hot].Cover / cover,
                coldShare = nodes[cold].Cover / cover;
            if (node.Column == fixedColumn)
            {
                var skip = new Step(fixedColumn, 1, 1, 0);
                Visit(hot, path, skip, isKnown ? share : share * hotShare);
                if (!isKnown)
                    Visit(cold, path, skip, share * coldShare);
                return;
            }
            double unknown = 1,
                known = 1;
            var before = Array.FindIndex(path, step => step.Column == node.Column);
            if (before >= 0)
            {
                (unknown, known) = (path[before].Unknown, path[before].Known);
                path = Unwind(path, before);
            }
            Visit(hot, path, new Step(node.Column, unknown * hotShare, known, 0), share);
            Visit(cold, path, new Step(node.Column, unknown * coldShare, 0, 0), share);
        }

        private static Step[] Extend(ReadOnlySpan<Step> way, Step next)
        {
            var length = way.Length;
            Step[] path = [.. way, next with { Weight = length == 0 ? 1 : 0 }];
            for (var i = length - 1; i >= 0; i--)
            {
                path[i + 1].Weight += next.Known * path[i].Weight * (i + 1) / (length + 1);
                path[i].Weight = next.Unknown * path[i].Weight * (length - i) / (length + 1);
            }
            return path;
        }

        private static Step[] Unwind(Step[] path, int at)
        {
            var last = path.Length - 1;
            var (unknown, known) = (path[at].Unknown, path[at].Known);
            var shorter = path[..last];
            var carried = path[last].Weight;
            for (var i = last - 1; i >= 0; i--)
            {
                if (known != 0)
                {
                    var weight = carried * (last + 1) / ((i + 1) * known);
                    carried = path[i].Weight - weight * unknown * (last - i) / (last + 1);
                    shorter[i].Weight = weight;
                }
                else
                {
                    shorter[i].Weight = path[i].Weight * (last + 1) / (unknown * (last - i));
                }
            }
            for (var i = at; i < last; i++)
                shorter[i] = path[i + 1] with { Weight = shorter[i].Weight };
            return shorter;
        }

        private static double WeightWithout(Step[] path, int at)
        {
            var sum = 0.0;
            foreach (var step in Unwind(path, at))
                sum += step.Weight;
            return sum;
        }
    }
}
