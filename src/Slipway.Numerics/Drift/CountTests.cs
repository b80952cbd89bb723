using Slipway.Numerics.Special;

namespace Slipway.Numerics.Drift;

/// <summary>Hypothesis tests of counts. A category that neither side has takes no part.</summary>
public static class CountTests
{
    /// <summary>
    /// Pearson's chi-square of the 2 × k table (1900): both sides are random. <paramref name="yates"/> takes a half off
    /// each difference, for two categories only.
    /// </summary>
    public static TestResult ChiSquare(PairedCounts counts, bool yates = false)
    {
        var (statistic, degrees) = Table(
            counts,
            (observed, expected, correct) =>
            {
                var distance = Math.Abs(observed - expected);
                distance -= correct ? Math.Min(0.5, distance) : 0;
                return distance * distance / expected;
            },
            yates
        );
        return new TestResult(statistic, Gamma.ChiSquareTail(statistic, degrees));
    }

    /// <summary>The likelihood ratio G of the 2 × k table (Woolf, 1957).</summary>
    public static TestResult G(PairedCounts counts)
    {
        var (statistic, degrees) = Table(
            counts,
            (observed, expected, _) => observed == 0 ? 0 : 2 * observed * Math.Log(observed / expected),
            yates: false
        );
        statistic = Math.Max(0, statistic);
        return new TestResult(statistic, Gamma.ChiSquareTail(statistic, degrees));
    }

    /// <summary>Chi-square of the current counts against the reference's shares, held for certain: Evidently's form.</summary>
    public static TestResult GoodnessOfFit(PairedCounts counts)
    {
        counts.RequireBoth();
        var scale = counts.CurrentTotal / counts.ReferenceTotal;
        var statistic = 0.0;
        for (var i = 0; i < counts.Count; i++)
        {
            var expected = counts.Reference[i] * scale;
            if (expected == 0)
                throw new NotComputableException(
                    "The reference lacks a category of the current data, so goodness of fit is undefined: use the table's chi-square."
                );
            var difference = counts.Current[i] - expected;
            statistic += difference * difference / expected;
        }
        return new TestResult(statistic, counts.Count < 2 ? 1 : Gamma.ChiSquareTail(statistic, counts.Count - 1));
    }

    /// <summary>Cramér's V of the table (1946), 0 … 1, without correction for bias.</summary>
    public static double CramersV(PairedCounts counts)
    {
        var statistic = ChiSquare(counts).Statistic;
        return Math.Sqrt(statistic / (counts.ReferenceTotal + counts.CurrentTotal));
    }

    /// <summary>Whether a share changed: z of two proportions with a pooled variance, for the last of two categories.</summary>
    public static TestResult Proportions(PairedCounts counts)
    {
        RequireTwo(counts);
        return Proportions(counts.Reference[1], counts.ReferenceTotal, counts.Current[1], counts.CurrentTotal);
    }

    /// <summary>z for so many hits of so many trials on either side.</summary>
    public static TestResult Proportions(double referenceHits, double referenceTrials, double hits, double trials)
    {
        if (referenceTrials <= 0 || trials <= 0)
            throw new NotComputableException("One of the sides has no values, so its share is unknown.");
        var pooled = (referenceHits + hits) / (referenceTrials + trials);
        var difference = hits / trials - referenceHits / referenceTrials;
        if (pooled is 0 or 1)
            return new TestResult(0, 1);
        var z = difference / Math.Sqrt(pooled * (1 - pooled) * (1 / referenceTrials + 1 / trials));
        return new TestResult(z, Normal.TwoSided(z));
    }

    /// <summary>
    /// Fisher's exact test of the 2 × 2 table (1922), two-sided: the tables no more probable than this one. The statistic is
    /// the odds ratio of the sample.
    /// </summary>
    public static TestResult Fisher(PairedCounts counts)
    {
        RequireTwo(counts);
        int a = Whole(counts.Reference[0]),
            b = Whole(counts.Reference[1]),
            c = Whole(counts.Current[0]),
            d = Whole(counts.Current[1]);
        int row = a + b,
            column = a + c,
            all = a + b + c + d;
        if (row == 0 || column == 0 || row == all || column == all)
            throw new NotComputableException("A row or a column of the table is empty, so there is nothing to test.");
        var observed = Log(a);
        var p = 0.0;
        for (var x = Math.Max(0, row + column - all); x <= Math.Min(row, column); x++)
        {
            var probability = Log(x);
            if (probability <= observed + 1e-12)
                p += Math.Exp(probability);
        }
        return new TestResult((double)a * d / ((double)b * c), Math.Min(1, p));

        double Log(int x) =>
            Gamma.LogBinomial(column, x) + Gamma.LogBinomial(all - column, row - x) - Gamma.LogBinomial(all, row);
    }

    private static (double Statistic, int Degrees) Table(
        PairedCounts counts,
        Func<double, double, bool, double> cell,
        bool yates
    )
    {
        counts.RequireBoth();
        var all = counts.ReferenceTotal + counts.CurrentTotal;
        var categories = 0;
        for (var i = 0; i < counts.Count; i++)
            categories += counts.Reference[i] + counts.Current[i] > 0 ? 1 : 0;
        var correct = yates && categories == 2;
        var statistic = 0.0;
        for (var i = 0; i < counts.Count; i++)
        {
            var both = counts.Reference[i] + counts.Current[i];
            if (both == 0)
                continue;
            statistic += cell(counts.Reference[i], both * (counts.ReferenceTotal / all), correct);
            statistic += cell(counts.Current[i], both * (counts.CurrentTotal / all), correct);
        }
        if (categories < 2)
            return (0, 1);
        return (statistic, categories - 1);
    }

    private static void RequireTwo(PairedCounts counts)
    {
        if (counts.Count != 2)
            throw new NotComputableException($"This test is for two categories; there are {counts.Count}.");
        counts.RequireBoth();
    }

    private static int Whole(double count) =>
        count == Math.Floor(count) && count <= int.MaxValue / 4
            ? (int)count
            : throw new NotComputableException("The exact test is for whole counts.");
}
