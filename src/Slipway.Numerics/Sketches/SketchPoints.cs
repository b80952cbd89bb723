namespace Slipway.Numerics.Sketches;

/// <summary>A sketch as a distribution: values that ascend, each with how many of the stream are at most it.</summary>
internal sealed record SketchPoints(double[] Values, long[] UpTo)
{
    public long Total => UpTo[^1];

    public double At(double share, double minimum, double maximum)
    {
        if (share == 0)
            return minimum;
        if (share == 1)
            return maximum;
        var target = Math.Max(1, (long)Math.Ceiling(share * Total));
        var at = Array.BinarySearch(UpTo, target);
        return Values[at >= 0 ? at : ~at];
    }

    /// <summary>How many are below a value.</summary>
    public long Below(double value)
    {
        int low = 0,
            high = Values.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (Values[middle] < value)
                low = middle + 1;
            else
                high = middle;
        }
        return low == 0 ? 0 : UpTo[low - 1];
    }
}
