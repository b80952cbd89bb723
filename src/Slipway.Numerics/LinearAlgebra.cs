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
