namespace Slipway.Numerics.Learners;

/// <summary>
/// The logistic model of yes and no, by Newton's steps on the penalized likelihood. The penalty is half the square of the
/// standardized weights, as of scikit-learn's default behind a StandardScaler; it keeps separable data from running away.
/// </summary>
public sealed class LogisticRegression : IPredictor
{
    private const int MaximumSteps = 100;

    private readonly double[] weights;

    private LogisticRegression(double[] weights, double intercept)
    {
        this.weights = weights;
        Intercept = intercept;
    }

    public ReadOnlySpan<double> Weights => weights;

    public double Intercept { get; }

    public int Columns => weights.Length;

    public static LogisticRegression Fit(
        ReadOnlySpan<double> rows,
        int columns,
        ReadOnlySpan<bool> target,
        double penalty = 1
    )
    {
        var count = Standardization.RequireRows(rows, columns, target.Length);
        Require.Finite(rows);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(penalty);
        if (!target.Contains(true) || !target.Contains(false))
            throw new NotComputableException("All rows are of one class, so there is nothing to tell apart.");
        var scaling = Standardization.Of(rows, columns);
        // The last entry is the intercept, which costs nothing.
        var size = columns + 1;
        var table = new double[count * size];
        for (var r = 0; r < count; r++)
        {
            scaling.Apply(rows.Slice(r * columns, columns), table.AsSpan(r * size, columns));
            table[r * size + columns] = 1;
        }
        var solution = Newton(table, size, target, penalty);
        var (original, intercept) = scaling.Undo(solution.AsSpan(0, columns), solution[columns]);
        return new LogisticRegression(original, intercept);
    }

    public double Predict(ReadOnlySpan<double> row)
    {
        Require.SameLength(weights.Length, row.Length);
        var sum = Intercept;
        for (var c = 0; c < weights.Length; c++)
            sum += weights[c] * (float)row[c];
        return Sigmoid(sum);
    }

    public byte[] ToOnnx() => OnnxModel.Linear(weights, Intercept, isClassifier: true);

    internal static double Sigmoid(double x) => x >= 0 ? 1 / (1 + Math.Exp(-x)) : Math.Exp(x) / (1 + Math.Exp(x));

    private static double[] Newton(double[] table, int size, ReadOnlySpan<bool> target, double penalty)
    {
        var solution = new double[size];
        var loss = Loss(table, size, target, penalty, solution);
        for (var step = 0; step < MaximumSteps; step++)
        {
            var direction = Direction(table, size, target, penalty, solution);
            // Halved until it helps: far from the solution a whole step may overshoot.
            for (var length = 1.0; ; length /= 2)
            {
                var next = new double[size];
                for (var i = 0; i < size; i++)
                    next[i] = solution[i] - length * direction[i];
                var nextLoss = Loss(table, size, target, penalty, next);
                if (nextLoss > loss && length > 1e-6)
                    continue;
                var gained = loss - nextLoss;
                if (nextLoss <= loss)
                    (solution, loss) = (next, nextLoss);
                if (gained <= 1e-12 * (1 + Math.Abs(loss)))
                    return solution;
                break;
            }
        }
        return solution;
    }

    private static double Loss(double[] table, int size, ReadOnlySpan<bool> target, double penalty, double[] at)
    {
        var loss = 0.0;
        for (var c = 0; c < size - 1; c++)
            loss += penalty / 2 * at[c] * at[c];
        for (var r = 0; r < target.Length; r++)
        {
            var score = Dot(table.AsSpan(r * size, size), at);
            var wrong = target[r] ? -score : score;
            loss += wrong > 0 ? wrong + double.LogP1(Math.Exp(-wrong)) : double.LogP1(Math.Exp(wrong));
        }
        return loss;
    }

    private static double[] Direction(double[] table, int size, ReadOnlySpan<bool> target, double penalty, double[] at)
    {
        var gradient = new double[size];
        var curvature = new double[size * size];
        for (var r = 0; r < target.Length; r++)
        {
            var row = table.AsSpan(r * size, size);
            var p = Sigmoid(Dot(row, at));
            var error = p - (target[r] ? 1 : 0);
            var weight = p * (1 - p);
            for (var i = 0; i < size; i++)
            {
                gradient[i] += error * row[i];
                var scaled = weight * row[i];
                for (var j = 0; j <= i; j++)
                    curvature[i * size + j] += scaled * row[j];
            }
        }
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < i; j++)
                curvature[j * size + i] = curvature[i * size + j];
            if (i == size - 1)
                continue;
            gradient[i] += penalty * at[i];
            curvature[i * size + i] += penalty;
        }
        return LinearAlgebra.SolvePositive(curvature, gradient);
    }

    private static double Dot(ReadOnlySpan<double> row, double[] at)
    {
        var sum = 0.0;
        for (var i = 0; i < row.Length; i++)
            sum += row[i] * at[i];
        return sum;
    }
}
