namespace Slipway.Numerics;

/// <summary>What most figures ask of their input, said in one place so that all say it alike.</summary>
internal static class Require
{
    public static void SameLength(int first, int second)
    {
        if (first != second)
            throw new ArgumentException(
                $"Both columns must be of one length; they have {first} and {second} values.",
                nameof(second)
            );
    }

    public static void Some(int count)
    {
        if (count == 0)
            throw new NotComputableException("There are no values.");
    }

    public static void Finite(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
        {
            if (!double.IsFinite(value))
                throw new NotComputableException("A value is not a finite number.");
        }
    }

    /// <summary>Two columns of finite numbers, of one length, not empty.</summary>
    public static void Pairs(ReadOnlySpan<double> first, ReadOnlySpan<double> second)
    {
        SameLength(first.Length, second.Length);
        Some(first.Length);
        Finite(first);
        Finite(second);
    }

    public static void Level(double level)
    {
        if (!(level is > 0 and < 1))
            throw new ArgumentOutOfRangeException(nameof(level), level, "A level of confidence lies between 0 and 1.");
    }
}
