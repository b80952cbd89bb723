namespace Slipway.Host.Demo;

/// <summary>Least squares with a ridge, by gradient descent: small enough to read, and it has a history worth plotting.</summary>
internal sealed class LinearModel(int columns, double ridge, double intercept)
{
    private readonly double[] weights = new double[columns];
    private double bias = intercept;

    public void Step(double[][] rows, double[] wanted)
    {
        var gradient = new double[weights.Length];
        var biasGradient = 0.0;
        for (var i = 0; i < rows.Length; i++)
        {
            var error = Answer(rows[i]) - wanted[i];
            biasGradient += error;
            for (var column = 0; column < gradient.Length; column++)
                gradient[column] += error * rows[i][column];
        }
        // Standardised columns that all say the same would overshoot with a longer step.
        var rate = 1.0 / (1 + weights.Length);
        bias -= rate * biasGradient / rows.Length;
        for (var column = 0; column < weights.Length; column++)
            weights[column] -= rate * ((gradient[column] / rows.Length) + (ridge * weights[column]));
    }

    /// <summary>The root of the mean squared error.</summary>
    public double Error(double[][] rows, double[] wanted) =>
        Math.Sqrt(rows.Select((row, i) => Answer(row) - wanted[i]).Average(error => error * error));

    private double Answer(double[] row)
    {
        var sum = bias;
        for (var column = 0; column < weights.Length; column++)
            sum += weights[column] * row[column];
        return sum;
    }
}
