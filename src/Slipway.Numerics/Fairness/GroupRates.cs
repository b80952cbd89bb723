namespace Slipway.Numerics.Fairness;

/// <summary>What predictions of yes and no did to some rows. A rate of nothing is 0, as in Fairlearn.</summary>
public readonly record struct GroupRates(
    double TruePositives,
    double FalsePositives,
    double FalseNegatives,
    double TrueNegatives
)
{
    public double Count => TruePositives + FalsePositives + FalseNegatives + TrueNegatives;

    public double Positives => TruePositives + FalseNegatives;

    public double Negatives => FalsePositives + TrueNegatives;

    public double Selected => TruePositives + FalsePositives;

    public double Accuracy => Ratio(TruePositives + TrueNegatives, Count);

    public double SelectionRate => Ratio(Selected, Count);

    public double TruePositiveRate => Ratio(TruePositives, Positives);

    public double FalseNegativeRate => Ratio(FalseNegatives, Positives);

    public double FalsePositiveRate => Ratio(FalsePositives, Negatives);

    public double TrueNegativeRate => Ratio(TrueNegatives, Negatives);

    internal GroupRates With(bool truth, bool predicted) =>
        (truth, predicted) switch
        {
            (true, true) => this with { TruePositives = TruePositives + 1 },
            (false, true) => this with { FalsePositives = FalsePositives + 1 },
            (true, false) => this with { FalseNegatives = FalseNegatives + 1 },
            _ => this with { TrueNegatives = TrueNegatives + 1 },
        };

    private static double Ratio(double part, double whole) => whole == 0 ? 0 : part / whole;
}
