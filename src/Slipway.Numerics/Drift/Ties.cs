namespace Slipway.Numerics.Drift;

/// <summary>One value of the pooled samples: how often each has it, and the middle of the ranks that it takes.</summary>
internal readonly record struct Ties(double First, double Second, double MidRank)
{
    public double Count => First + Second;

    public static List<Ties> Of(Sample reference, Sample current)
    {
        ReadOnlySpan<double> a = reference.Sorted,
            b = current.Sorted;
        var ties = new List<Ties>(a.Length + b.Length);
        int i = 0,
            j = 0;
        while (i < a.Length || j < b.Length)
        {
            var value =
                i >= a.Length ? b[j]
                : j >= b.Length ? a[i]
                : Math.Min(a[i], b[j]);
            int startA = i,
                startB = j;
            while (i < a.Length && a[i] == value)
                i++;
            while (j < b.Length && b[j] == value)
                j++;
            ties.Add(new Ties(i - startA, j - startB, (startA + startB + i + j + 1) / 2.0));
        }
        return ties;
    }
}
