namespace Slipway.Numerics.Estimation;

/// <summary>
/// The rising step function nearest to the outcomes, by pooling adjacent violators (Ayer and others, 1955): turns scores
/// into probabilities. Between steps it is drawn straight, beyond the ends it is flat.
/// </summary>
public sealed class IsotonicRegression
{
    private readonly double[] scores;
    private readonly double[] values;

    private IsotonicRegression(double[] scores, double[] values)
    {
        this.scores = scores;
        this.values = values;
    }

    public static IsotonicRegression Fit(ReadOnlySpan<double> scores, ReadOnlySpan<double> outcomes)
    {
        Require.Pairs(scores, outcomes);
        var x = scores.ToArray();
        var y = outcomes.ToArray();
        Array.Sort(x, y);
        // A block: first and last score, sum of outcomes, weight.
        var blocks = new List<(double First, double Last, double Sum, double Weight)>();
        for (int start = 0, end; start < x.Length; start = end)
        {
            var sum = 0.0;
            for (end = start; end < x.Length && x[end] == x[start]; end++)
                sum += y[end];
            var block = (First: x[start], Last: x[start], Sum: sum, Weight: (double)(end - start));
            while (blocks.Count > 0 && blocks[^1].Sum * block.Weight >= block.Sum * blocks[^1].Weight)
            {
                var before = blocks[^1];
                blocks.RemoveAt(blocks.Count - 1);
                block = (before.First, block.Last, before.Sum + block.Sum, before.Weight + block.Weight);
            }
            blocks.Add(block);
        }
        var knots = new List<double>();
        var heights = new List<double>();
        foreach (var (first, last, sum, weight) in blocks)
        {
            knots.Add(first);
            heights.Add(sum / weight);
            if (last > first)
            {
                knots.Add(last);
                heights.Add(sum / weight);
            }
        }
        return new IsotonicRegression([.. knots], [.. heights]);
    }

    public double Predict(double score)
    {
        var at = Array.BinarySearch(scores, score);
        if (at >= 0)
            return values[at];
        var above = ~at;
        if (above == 0)
            return values[0];
        if (above == scores.Length)
            return values[^1];
        var share = (score - scores[above - 1]) / (scores[above] - scores[above - 1]);
        return values[above - 1] + share * (values[above] - values[above - 1]);
    }
}
