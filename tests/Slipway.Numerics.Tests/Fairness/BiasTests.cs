using Slipway.Numerics.Fairness;

namespace Slipway.Numerics.Tests.Fairness;

/// <summary>The figures of Clarify on a worked example: 16 rows, 6 of them of the facet.</summary>
public sealed class BiasTests
{
    private static readonly bool[] Facet = Flags("1111110000000000");
    private static readonly bool[] Truth = Flags("1001001110101101");
    private static readonly bool[] Predicted = Flags("1001011100110101");
    private static readonly string[] Groups = [.. "xxyyxyxxyyxyxyyx".Select(c => c.ToString())];

    [Fact]
    public void Bias_of_labels_equals_the_worked_example()
    {
        var bias = LabelBias.Of(Facet, Truth, Groups);
        Near(0.25, bias.ClassImbalance);
        Near(0.366666667, bias.DifferenceInProportions);
        Near(0.279803832, bias.KullbackLeibler);
        Near(0.068902287, bias.JensenShannon);
        Near(0.518544973, bias.LpNorm);
        Near(0.366666667, bias.TotalVariation);
        Near(0.366666667, bias.KolmogorovSmirnov);
        Near(0.45, bias.ConditionalDisparity!.Value);
    }

    [Fact]
    public void Bias_of_predictions_equals_the_worked_example()
    {
        var bias = ModelBias.Of(Facet, Truth, Predicted, Groups);
        Near(0.1, bias.DifferenceInPredictedProportions);
        Near(0.833333333, bias.DisparateImpact);
        Near(0.5, bias.ConditionalAcceptance);
        Near(0.583333333, bias.ConditionalRejection);
        Near(-0.285714286, bias.RecallDifference);
        Near(0.083333333, bias.SpecificityDifference);
        Near(0.166666667, bias.AcceptanceRateDifference);
        Near(0.5, bias.RejectionRateDifference);
        Near(-0.133333333, bias.AccuracyDifference);
        Near(-2, bias.TreatmentEquality);
        Near(0.108333333, bias.ConditionalDisparity!.Value);
        Near(0.125, bias.GeneralizedEntropy);
    }

    [Fact]
    public void A_facet_refused_where_its_neighbours_are_accepted_has_a_positive_flip_test()
    {
        // Three others are accepted around 1, two refused around 9; of the facet two stand at 1 and are refused, one at 9.
        bool[] facet = Flags("11100000");
        bool[] predicted = Flags("00011100");
        double[] rows = [1.1, 0.9, 9.1, 1, 1.2, 0.8, 9, 9.2];
        Near(2.0 / 3, ModelBias.FlipTest(facet, predicted, rows, 1));
        predicted = Flags("11000011");
        Near(-2.0 / 3, ModelBias.FlipTest(Flags("11100000"), predicted, rows, 1) - 1.0 / 3);
    }

    [Fact]
    public void A_facet_of_nobody_is_not_computable() =>
        Assert.Throws<NotComputableException>(() => LabelBias.Of(new bool[3], new bool[3], []));

    private static void Near(double expected, double actual) => Assert.Equal(expected, actual, 9);

    private static bool[] Flags(string text) => [.. text.Select(c => c == '1')];
}
