namespace Slipway.Numerics.Drift;

/// <summary>
/// What became of one column: the figure, its threshold and the verdict. Which figure is chosen follows Evidently's rule,
/// since users compare against it: tests for small references, distances for large ones, where every test finds something.
/// </summary>
public sealed record ColumnDrift(DriftMethod Method, double Value, double Threshold, bool Drifted)
{
    /// <summary>Up to so many rows of reference a p-value decides; beyond, a distance.</summary>
    public const int SmallReference = 1000;

    public const double LevelOfTests = 0.05;

    public const double ThresholdOfDistances = 0.1;

    private const int FewValues = 5;
    private const int ManyValues = 20;

    public static DriftMethod ChooseNumeric(int referenceRows, int distinct) =>
        (referenceRows <= SmallReference, distinct) switch
        {
            (true, > FewValues) => DriftMethod.KolmogorovSmirnov,
            (false, > FewValues) => DriftMethod.NormedWasserstein,
            _ => ChooseCategorical(referenceRows, distinct),
        };

    public static DriftMethod ChooseCategorical(int referenceRows, int distinct) =>
        referenceRows > SmallReference ? DriftMethod.JensenShannon
        : distinct > 2 ? DriftMethod.ChiSquare
        : DriftMethod.Proportions;

    /// <summary>A numeric column by the default rule.</summary>
    public static ColumnDrift Of(Sample reference, Sample current)
    {
        Sample.RequireBoth(reference, current);
        var method = ChooseNumeric(reference.Count, Sample.Of(Sample.Pool(reference, current)).DistinctCount());
        return method switch
        {
            DriftMethod.KolmogorovSmirnov => ByP(method, KolmogorovSmirnov.Test(reference, current).PValue),
            DriftMethod.NormedWasserstein => ByDistance(method, CdfDistances.NormedWasserstein(reference, current)),
            _ => Of(method, PairedCounts.OfValues(reference, current)),
        };
    }

    /// <summary>A categorical column by the default rule.</summary>
    public static ColumnDrift Of(PairedCounts counts)
    {
        counts.RequireBoth();
        var seen = counts.WithoutEmpty();
        return Of(ChooseCategorical((int)Math.Min(int.MaxValue, counts.ReferenceTotal), seen.Count), seen);
    }

    /// <summary>The bins for a Jensen-Shannon distance of numbers: Sturges' over both sides, or the values when they are few.</summary>
    public static PairedCounts Bin(Sample reference, Sample current) =>
        reference.DistinctCount() > ManyValues
            ? PairedCounts.Of(
                reference,
                current,
                Binning.EqualWidth(reference, current, Binning.Sturges(reference.Count + current.Count))
            )
            : PairedCounts.OfValues(reference, current);

    private static ColumnDrift Of(DriftMethod method, PairedCounts counts) =>
        method switch
        {
            DriftMethod.ChiSquare => ByP(method, ChiSquareP(counts)),
            DriftMethod.Proportions => ByP(method, counts.Count < 2 ? 1 : CountTests.Proportions(counts).PValue),
            _ => ByDistance(method, Divergence.JensenShannonDistance(counts)),
        };

    private static double ChiSquareP(PairedCounts counts)
    {
        for (var i = 0; i < counts.Count; i++)
        {
            if (counts.Reference[i] == 0)
                return CountTests.ChiSquare(counts).PValue;
        }
        return CountTests.GoodnessOfFit(counts).PValue;
    }

    private static ColumnDrift ByP(DriftMethod method, double p) => new(method, p, LevelOfTests, p < LevelOfTests);

    private static ColumnDrift ByDistance(DriftMethod method, double distance) =>
        new(method, distance, ThresholdOfDistances, distance >= ThresholdOfDistances);
}
