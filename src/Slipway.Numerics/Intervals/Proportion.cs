using Slipway.Numerics.Special;

namespace Slipway.Numerics.Intervals;

/// <summary>Intervals of shares: accuracy, recall, null rates, whatever counts hits among trials.</summary>
public static class Proportion
{
    /// <summary>Wilson's score interval (1927): right also for few trials and for shares near 0 and 1.</summary>
    public static Interval Wilson(double hits, double trials, double level = 0.95)
    {
        Require.Level(level);
        if (!(trials > 0))
            throw new NotComputableException("There are no trials, so there is no share.");
        var z = Normal.Quantile((1 + level) / 2);
        var share = hits / trials;
        var scale = 1 + z * z / trials;
        var middle = (share + z * z / (2 * trials)) / scale;
        var half = z / scale * Math.Sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials));
        // At the ends the bound is the end itself; subtraction would leave dust.
        return new Interval(share, hits == 0 ? 0 : middle - half, hits == trials ? 1 : middle + half);
    }

    /// <summary>Newcombe's interval of a difference of two shares, first less second (1998, his method 10).</summary>
    public static Interval Newcombe(
        double firstHits,
        double firstTrials,
        double secondHits,
        double secondTrials,
        double level = 0.95
    )
    {
        var first = Wilson(firstHits, firstTrials, level);
        var second = Wilson(secondHits, secondTrials, level);
        var difference = first.Estimate - second.Estimate;
        return new Interval(
            difference,
            difference - Length(first.Estimate - first.Low, second.High - second.Estimate),
            difference + Length(first.High - first.Estimate, second.Estimate - second.Low)
        );

        static double Length(double a, double b) => Math.Sqrt(a * a + b * b);
    }
}
