namespace Slipway.Numerics.Drift;

/// <summary>Distances that are areas between two distribution functions.</summary>
public static class CdfDistances
{
    // Evidently divides by no less than this, so that a constant reference does not make every change endless.
    private const double SmallestDeviation = 0.001;

    /// <summary>The earth mover's distance: the area between the two distribution functions (Vallender, 1973).</summary>
    public static double Wasserstein(Sample reference, Sample current) => Area(reference, current, squared: false);

    /// <summary>The Wasserstein distance in standard deviations of the reference (population, at least 0.001).</summary>
    public static double NormedWasserstein(Sample reference, Sample current) =>
        Wasserstein(reference, current) / Math.Max(Math.Sqrt(reference.Variance()), SmallestDeviation);

    /// <summary>The energy distance: √2 times the L2 distance of the distribution functions (Székely, 2002).</summary>
    public static double Energy(Sample reference, Sample current) =>
        Math.Sqrt(2 * Area(reference, current, squared: true));

    private static double Area(Sample reference, Sample current, bool squared)
    {
        Sample.RequireBoth(reference, current);
        ReadOnlySpan<double> a = reference.Sorted,
            b = current.Sorted;
        double perA = 1.0 / a.Length,
            perB = 1.0 / b.Length;
        int i = 0,
            j = 0;
        var area = 0.0;
        var previous = Math.Min(a[0], b[0]);
        while (i < a.Length || j < b.Length)
        {
            var fromA = j >= b.Length || (i < a.Length && a[i] <= b[j]);
            var value = fromA ? a[i] : b[j];
            var height = i * perA - j * perB;
            area += (squared ? height * height : Math.Abs(height)) * (value - previous);
            previous = value;
            if (fromA)
                i++;
            else
                j++;
        }
        return area;
    }
}
