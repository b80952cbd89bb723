namespace Slipway.Numerics;

/// <summary>Sums that keep what plain addition loses (Neumaier, 1974).</summary>
internal static class Summation
{
    public static double Sum(ReadOnlySpan<double> values)
    {
        double sum = 0,
            lost = 0;
        foreach (var value in values)
        {
            var next = sum + value;
            lost += Math.Abs(sum) >= Math.Abs(value) ? sum - next + value : value - next + sum;
            sum = next;
        }
        return double.IsFinite(lost) ? sum + lost : sum;
    }

    public static double Mean(ReadOnlySpan<double> values) => Sum(values) / values.Length;
}
