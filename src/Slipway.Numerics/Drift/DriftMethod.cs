namespace Slipway.Numerics.Drift;

/// <summary>The ways in which a column is compared by default.</summary>
public enum DriftMethod
{
    /// <summary>p of the two-sample Kolmogorov-Smirnov test: drift below the threshold.</summary>
    KolmogorovSmirnov,

    /// <summary>Wasserstein distance in standard deviations of the reference: drift from the threshold on.</summary>
    NormedWasserstein,

    /// <summary>p of chi-square against the reference's shares; of the table where the reference lacks a category.</summary>
    ChiSquare,

    /// <summary>p of the two-proportion z-test.</summary>
    Proportions,

    /// <summary>Jensen-Shannon distance (root, natural logarithm).</summary>
    JensenShannon,
}
