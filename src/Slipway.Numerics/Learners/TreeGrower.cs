namespace Slipway.Numerics.Learners;

/// <summary>
/// Grows one tree, the most gainful leaf first (as Ke and others, LightGBM, 2017): per leaf the sums of slopes and
/// curvatures by bin; of two children the smaller is counted and the larger is what remains.
/// </summary>
internal sealed class TreeGrower(BinnedColumns columns, BoostingOptions options, int rowCount)
{
    private const int Width = 256;

    private readonly int columnCount = columns.Bins.Length;
    private readonly int[] rows = new int[rowCount];
    private readonly int[] aside = new int[rowCount];
    private readonly double[] leafSlopes = new double[rowCount];
    private readonly double[] leafCurvatures = new double[rowCount];
    private readonly Stack<Cell[]> spare = new();

    /// <summary>The gain of every split, summed by column.</summary>
    public double[] Gains { get; } = new double[columns.Bins.Length];

    /// <summary>Grows a tree for these slopes and curvatures of the loss, and adds its answers to the scores.</summary>
    public Tree Grow(double[] slopes, double[] curvatures, double[] scores)
    {
        for (var i = 0; i < rows.Length; i++)
            rows[i] = i;
        var nodes = new List<TreeNode>();
        var queue = new PriorityQueue<Leaf, double>();
        var root = new Leaf(0, rows.Length, 0, Count(0, rows.Length, slopes, curvatures));
        nodes.Add(default);
        var done = new List<Leaf>();
        Offer(root);
        var leaves = 1;
        while (leaves < options.MaximumLeaves && queue.TryDequeue(out var leaf, out _))
        {
            var middle = Part(leaf);
            var split = leaf.Best!.Value;
            Gains[split.Column] += split.Gain;
            var (left, right) = Divide(leaf, middle, nodes.Count, slopes, curvatures);
            nodes.Add(default);
            nodes.Add(default);
            nodes[leaf.Node] = new TreeNode(
                split.Column,
                columns.Cuts[split.Column][split.Bin],
                split.MissingLeft,
                left.Node,
                right.Node,
                0,
                leaf.End - leaf.Start
            );
            leaves++;
            Offer(left);
            Offer(right);
        }
        while (queue.TryDequeue(out var leaf, out _))
            Finish(leaf);
        foreach (var leaf in done)
        {
            nodes[leaf.Node] = TreeNode.Leaf(leaf.Value, leaf.End - leaf.Start);
            for (var i = leaf.Start; i < leaf.End; i++)
                scores[rows[i]] += leaf.Value;
        }
        return new Tree(nodes);

        void Offer(Leaf leaf)
        {
            leaf.Best = FindSplit(leaf);
            if (leaf.Best is { } best)
                queue.Enqueue(leaf, -best.Gain);
            else
                Finish(leaf);
        }

        void Finish(Leaf leaf)
        {
            var (slope, curvature, _) = Totals(leaf.Cells);
            leaf.Value = -options.LearningRate * slope / (curvature + options.Penalty + 1e-16);
            spare.Push(leaf.Cells);
            done.Add(leaf);
        }
    }

    private (Leaf Left, Leaf Right) Divide(Leaf leaf, int middle, int node, double[] slopes, double[] curvatures)
    {
        var leftIsSmaller = middle - leaf.Start <= leaf.End - middle;
        var smaller = leftIsSmaller
            ? Count(leaf.Start, middle, slopes, curvatures)
            : Count(middle, leaf.End, slopes, curvatures);
        var larger = leaf.Cells;
        for (var i = 0; i < larger.Length; i++)
            larger[i].Subtract(smaller[i]);
        return (
            new Leaf(leaf.Start, middle, node, leftIsSmaller ? smaller : larger),
            new Leaf(middle, leaf.End, node + 1, leftIsSmaller ? larger : smaller)
        );
    }

    private Cell[] Count(int start, int end, double[] slopes, double[] curvatures)
    {
        if (spare.TryPop(out var cells))
            Array.Clear(cells);
        else
            cells = new Cell[columnCount * Width];
        // Gathered once, so that each column reads them in order.
        for (var i = start; i < end; i++)
            (leafSlopes[i], leafCurvatures[i]) = (slopes[rows[i]], curvatures[rows[i]]);
        if ((long)(end - start) * columnCount < 50_000)
        {
            for (var c = 0; c < columnCount; c++)
                CountColumn(c);
        }
        else
        {
            Parallel.For(0, columnCount, CountColumn);
        }
        return cells;

        void CountColumn(int c)
        {
            var bins = columns.Bins[c];
            var own = cells.AsSpan(c * Width, Width);
            for (var i = start; i < end; i++)
                own[bins[rows[i]]].Add(leafSlopes[i], leafCurvatures[i]);
        }
    }

    private Split? FindSplit(Leaf leaf)
    {
        if (leaf.End - leaf.Start < 2 * options.MinimumRowsPerLeaf)
            return null;
        Split? best = null;
        for (var c = 0; c < columnCount; c++)
        {
            var cells = leaf.Cells.AsSpan(c * Width, Width);
            var (slope, curvature, count) = Totals(cells);
            var missing = cells[BinnedColumns.Missing];
            var before = Score(slope, curvature);
            double leftSlope = 0,
                leftCurvature = 0,
                leftCount = 0;
            for (var bin = 0; bin < columns.Cuts[c].Length; bin++)
            {
                leftSlope += cells[bin].Slope;
                leftCurvature += cells[bin].Curvature;
                leftCount += cells[bin].Count;
                // Rows without a value go to whichever side they fit; where none lacks one, to the larger.
                if (missing.Count > 0)
                {
                    Try(
                        c,
                        bin,
                        leftSlope + missing.Slope,
                        leftCurvature + missing.Curvature,
                        leftCount + missing.Count,
                        true
                    );
                    Try(c, bin, leftSlope, leftCurvature, leftCount, false);
                }
                else
                {
                    Try(c, bin, leftSlope, leftCurvature, leftCount, 2 * leftCount > count);
                }
            }

            void Try(int column, int bin, double s, double h, double n, bool missingLeft)
            {
                if (n < options.MinimumRowsPerLeaf || count - n < options.MinimumRowsPerLeaf)
                    return;
                var gain = Score(s, h) + Score(slope - s, curvature - h) - before;
                if (gain > (best?.Gain ?? 1e-12))
                    best = new Split(column, bin, missingLeft, gain);
            }
        }
        return best;
    }

    private double Score(double slope, double curvature) => slope * slope / (curvature + options.Penalty + 1e-16);

    private static (double Slope, double Curvature, double Count) Totals(ReadOnlySpan<Cell> cells)
    {
        double slope = 0,
            curvature = 0,
            count = 0;
        foreach (ref readonly var cell in cells[..Width])
        {
            slope += cell.Slope;
            curvature += cell.Curvature;
            count += cell.Count;
        }
        return (slope, curvature, count);
    }

    // Puts the rows that go left before those that go right, each in their order.
    private int Part(Leaf leaf)
    {
        var split = leaf.Best!.Value;
        var bins = columns.Bins[split.Column];
        int left = leaf.Start,
            right = 0;
        for (var i = leaf.Start; i < leaf.End; i++)
        {
            var row = rows[i];
            var bin = bins[row];
            if (bin == BinnedColumns.Missing ? split.MissingLeft : bin <= split.Bin)
                rows[left++] = row;
            else
                aside[right++] = row;
        }
        Array.Copy(aside, 0, rows, left, right);
        return left;
    }

    private readonly record struct Split(int Column, int Bin, bool MissingLeft, double Gain);

    private struct Cell
    {
        public double Slope;
        public double Curvature;
        public double Count;

        public void Add(double slope, double curvature)
        {
            Slope += slope;
            Curvature += curvature;
            Count++;
        }

        public void Subtract(in Cell other)
        {
            Slope -= other.Slope;
            Curvature -= other.Curvature;
            Count -= other.Count;
        }
    }

    private sealed class Leaf(int start, int end, int node, Cell[] cells)
    {
        public int Start => start;

        public int End => end;

        public int Node => node;

        public Cell[] Cells => cells;

        public Split? Best { get; set; }

        public double Value { get; set; }
    }
}
