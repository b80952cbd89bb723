namespace Slipway.Numerics;

/// <summary>The little linear algebra that tests and learners need: dense, row by row, for tens of columns, not thousands.</summary>
internal static class LinearAlgebra
{
    /// <summary>Solves A x = b by elimination with pivots. A is overwritten.</summary>
    public static double[] Solve(double[] matrix, double[] right)
    {
        var size = right.Length;
        var solution = (double[])right.Clone();
        for (var column = 0; column < size; column++)
        {
            var pivot = column;
            for (var row = column + 1; row < size; row++)
            {
                if (Math.Abs(matrix[row * size + column]) > Math.Abs(matrix[pivot * size + column]))
                    pivot = row;
            }
            if (matrix[pivot * size + column] == 0)
                throw new NotComputableException("The columns depend on each other, so there is no single solution.");
            if (pivot != column)
            {
                for (var k = 0; k < size; k++)
                    (matrix[pivot * size + k], matrix[column * size + k]) = (
                        matrix[column * size + k],
                        matrix[pivot * size + k]
                    );
                (solution[pivot], solution[column]) = (solution[column], solution[pivot]);
            }
            for (var row = column + 1; row < size; row++)
            {
                var factor = matrix[row * size + column] / matrix[column * size + column];
                if (factor == 0)
                    continue;
                for (var k = column; k < size; k++)
                    matrix[row * size + k] -= factor * matrix[column * size + k];
                solution[row] -= factor * solution[column];
            }
        }
        for (var row = size - 1; row >= 0; row--)
        {
            for (var k = row + 1; k < size; k++)
                solution[row] -= matrix[row * size + k] * solution[k];
            solution[row] /= matrix[row * size + row];
        }
        return solution;
    }

    /// <summary>
    /// Solves A x = b for a symmetric A that is nowhere negative: by Cholesky's factors, or, where A is singular, the shortest
    /// of all solutions by its eigenvectors.
    /// </summary>
    public static double[] SolvePositive(double[] symmetric, double[] right)
    {
        var size = right.Length;
        var factor = new double[symmetric.Length];
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j <= i; j++)
            {
                var sum = symmetric[i * size + j];
                for (var k = 0; k < j; k++)
                    sum -= factor[i * size + k] * factor[j * size + k];
                if (i != j)
                    factor[i * size + j] = sum / factor[j * size + j];
                else if (sum > 1e-11 * symmetric[i * size + i])
                    factor[i * size + i] = Math.Sqrt(sum);
                else
                    return SolveShortest(symmetric, right);
            }
        }
        var solution = (double[])right.Clone();
        for (var i = 0; i < size; i++)
        {
            for (var k = 0; k < i; k++)
                solution[i] -= factor[i * size + k] * solution[k];
            solution[i] /= factor[i * size + i];
        }
        for (var i = size - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < size; k++)
                solution[i] -= factor[k * size + i] * solution[k];
            solution[i] /= factor[i * size + i];
        }
        return solution;
    }

    private static double[] SolveShortest(double[] symmetric, double[] right)
    {
        var size = right.Length;
        var (values, vectors) = SymmetricEigen(symmetric, size);
        var solution = new double[size];
        for (var i = 0; i < size && values[i] > values[0] * 1e-11; i++)
        {
            var projection = 0.0;
            for (var j = 0; j < size; j++)
                projection += vectors[i * size + j] * right[j];
            for (var j = 0; j < size; j++)
                solution[j] += projection / values[i] * vectors[i * size + j];
        }
        return solution;
    }

    /// <summary>Eigenvalues, largest first, and eigenvectors (as rows) of a symmetric matrix, by Jacobi's rotations.</summary>
    public static (double[] Values, double[] Vectors) SymmetricEigen(double[] symmetric, int size)
    {
        var matrix = (double[])symmetric.Clone();
        var vectors = new double[size * size];
        for (var i = 0; i < size; i++)
            vectors[i * size + i] = 1;
        for (var sweep = 0; sweep < 100 && OffDiagonal(matrix, size) > 0; sweep++)
        {
            for (var p = 0; p < size - 1; p++)
            {
                for (var q = p + 1; q < size; q++)
                    Rotate(matrix, vectors, size, p, q);
            }
        }
        var order = Enumerable.Range(0, size).OrderByDescending(i => matrix[i * size + i]).ToArray();
        var values = new double[size];
        var ordered = new double[size * size];
        for (var i = 0; i < size; i++)
        {
            values[i] = matrix[order[i] * size + order[i]];
            Array.Copy(vectors, order[i] * size, ordered, i * size, size);
        }
        return (values, ordered);
    }

    private static double OffDiagonal(double[] matrix, int size)
    {
        double off = 0,
            scale = 0;
        for (var i = 0; i < size; i++)
        {
            for (var j = 0; j < size; j++)
            {
                if (i == j)
                    scale += matrix[i * size + j] * matrix[i * size + j];
                else
                    off += matrix[i * size + j] * matrix[i * size + j];
            }
        }
        return off <= scale * 1e-34 ? 0 : off;
    }

    private static void Rotate(double[] matrix, double[] vectors, int size, int p, int q)
    {
        var off = matrix[p * size + q];
        if (off == 0)
            return;
        var theta = (matrix[q * size + q] - matrix[p * size + p]) / (2 * off);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt(theta * theta + 1));
        var cosine = 1 / Math.Sqrt(t * t + 1);
        var sine = t * cosine;
        for (var k = 0; k < size; k++)
        {
            var kp = matrix[k * size + p];
            var kq = matrix[k * size + q];
            matrix[k * size + p] = cosine * kp - sine * kq;
            matrix[k * size + q] = sine * kp + cosine * kq;
        }
        for (var k = 0; k < size; k++)
        {
            var pk = matrix[p * size + k];
            var qk = matrix[q * size + k];
            matrix[p * size + k] = cosine * pk - sine * qk;
            matrix[q * size + k] = sine * pk + cosine * qk;
            var vp = vectors[p * size + k];
            var vq = vectors[q * size + k];
            vectors[p * size + k] = cosine * vp - sine * vq;
            vectors[q * size + k] = sine * vp + cosine * vq;
        }
    }
}
