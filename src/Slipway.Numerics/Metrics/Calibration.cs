namespace Slipway.Numerics.Metrics;

/// <summary>Whether probabilities mean what they say.</summary>
public static class Calibration
{
    // What 0 and 1 count as in a logarithm: the last step below 1 of a double, as in scikit-learn since 1.2.
    internal const double Clip = 2.220446049250313e-16;

    /// <summary>The mean −ln of the probability given to what came.</summary>
    public static double LogLoss(ReadOnlySpan<bool> truth, ReadOnlySpan<double> probabilities)
    {
        RequireProbabilities(truth.Length, probabilities);
        var sum = 0.0;
        var positives = 0;
        for (var i = 0; i < truth.Length; i++)
        {
            var p = Math.Clamp(probabilities[i], Clip, 1 - Clip);
            sum -= truth[i] ? Math.Log(p) : Math.Log(1 - p);
            positives += truth[i] ? 1 : 0;
        }
        if (positives == 0 || positives == truth.Length)
            throw new NotComputableException("All rows are of one class, so the loss says nothing about two.");
        return sum / truth.Length;
    }

    /// <summary>The mean squared distance of probability and outcome (Brier, 1950).</summary>
    public static double Brier(ReadOnlySpan<bool> truth, ReadOnlySpan<double> probabilities)
    {
        RequireProbabilities(truth.Length, probabilities);
        var sum = 0.0;
        for (var i = 0; i < truth.Length; i++)
        {
            var error = probabilities[i] - (truth[i] ? 1 : 0);
            sum += error * error;
        }
        return sum / truth.Length;
    }

    /// <summary>Bins of equal width that are closed on the right; empty ones are left out.</summary>
    public static IReadOnlyList<CalibrationBin> EqualWidth(
        ReadOnlySpan<bool> truth,
        ReadOnlySpan<double> probabilities,
        int bins
    )
    {
        RequireProbabilities(truth.Length, probabilities);
        return Count(truth, probabilities, Drift.Binning.EqualWidth(0, 1, bins));
    }

    /// <summary>Bins that hold equal shares of the rows.</summary>
    public static IReadOnlyList<CalibrationBin> EqualCount(
        ReadOnlySpan<bool> truth,
        ReadOnlySpan<double> probabilities,
        int bins
    )
    {
        RequireProbabilities(truth.Length, probabilities);
        var sample = Sample.Of(probabilities);
        var edges = new double[bins + 1];
        for (var i = 0; i <= bins; i++)
            edges[i] = sample.Quantile(i == bins ? 1 : i * (1.0 / bins));
        return Count(truth, probabilities, edges);
    }

    /// <summary>The mean gap of probability and outcome over bins of equal width (Naeini and others, 2015).</summary>
    public static double ExpectedError(ReadOnlySpan<bool> truth, ReadOnlySpan<double> probabilities, int bins = 10)
    {
        double sum = 0;
        foreach (var bin in EqualWidth(truth, probabilities, bins))
            sum += bin.Count * bin.Gap;
        return sum / truth.Length;
    }

    /// <summary>The largest such gap.</summary>
    public static double LargestError(ReadOnlySpan<bool> truth, ReadOnlySpan<double> probabilities, int bins = 10) =>
        EqualWidth(truth, probabilities, bins).Max(bin => bin.Gap);

    private static List<CalibrationBin> Count(
        ReadOnlySpan<bool> truth,
        ReadOnlySpan<double> probabilities,
        double[] edges
    )
    {
        var bins = edges.Length - 1;
        var counts = new int[bins];
        var positives = new double[bins];
        var sums = new double[bins];
        for (var i = 0; i < truth.Length; i++)
        {
            var bin = 0;
            while (bin < bins - 1 && probabilities[i] > edges[bin + 1])
                bin++;
            counts[bin]++;
            positives[bin] += truth[i] ? 1 : 0;
            sums[bin] += probabilities[i];
        }
        var result = new List<CalibrationBin>();
        for (var bin = 0; bin < bins; bin++)
        {
            if (counts[bin] > 0)
                result.Add(new CalibrationBin(sums[bin] / counts[bin], positives[bin] / counts[bin], counts[bin]));
        }
        return result;
    }

    internal static void RequireProbabilities(int rows, ReadOnlySpan<double> probabilities)
    {
        Require.SameLength(rows, probabilities.Length);
        Require.Some(rows);
        foreach (var probability in probabilities)
        {
            if (!(probability is >= 0 and <= 1))
                throw new NotComputableException(
                    $"{probability:R} is no probability: scores must lie between 0 and 1."
                );
        }
    }
}
