namespace Slipway.Numerics.Learners;

/// <summary>
/// The end of every export: what a runtime answers for some rows must be what the model itself answers. The runtime is
/// given by the caller, since this package has none.
/// </summary>
public static class ParityGate
{
    /// <summary>The largest distance between the model's answers and the runtime's for the same rows.</summary>
    public static double LargestDifference(IPredictor model, ReadOnlySpan<double> rows, ReadOnlySpan<double> answers)
    {
        Require.SameLength(rows.Length, answers.Length * model.Columns);
        Require.Some(answers.Length);
        var largest = 0.0;
        for (var r = 0; r < answers.Length; r++)
        {
            var own = model.Predict(rows.Slice(r * model.Columns, model.Columns));
            var difference = Math.Abs(own - answers[r]);
            largest = double.IsNaN(difference) ? double.PositiveInfinity : Math.Max(largest, difference);
        }
        return largest;
    }
}
