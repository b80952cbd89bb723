namespace Slipway.Numerics.Learners;

/// <summary>A learned model of one number: a value, or the probability of yes.</summary>
public interface IPredictor
{
    /// <summary>How many columns a row has.</summary>
    int Columns { get; }

    /// <summary>The value, or the probability of yes, for one row. Rows are read as single precision, as ONNX runtimes do.</summary>
    double Predict(ReadOnlySpan<double> row);

    /// <summary>
    /// The model as an ONNX file with one input "input" (float, rows × columns). A regression gives "prediction" (rows × 1), a
    /// classifier "label" (rows) and "probabilities" (rows × 2).
    /// </summary>
    byte[] ToOnnx();
}
