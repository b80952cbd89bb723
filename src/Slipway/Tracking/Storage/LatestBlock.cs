namespace Slipway.Tracking.Storage;

/// <summary>
/// The latest values of up to 64 metrics of one run: those whose numbers agree but for the low six bits. Numbers are
/// given out as names first appear, so the metrics of one training script share a block or two, and a run is read or
/// updated in one or two rows whatever the number of its metrics.
/// </summary>
internal sealed class LatestBlock
{
    private readonly SortedList<long, MetricPoint> points = new(64);

    public IEnumerable<KeyValuePair<long, MetricPoint>> Points => points;

    public static long Of(long metricNumber) => metricNumber >> 6;

    public static LatestBlock Decode(ReadOnlySpan<byte> bytes)
    {
        var block = new LatestBlock();
        var reader = new PointCodec.Reader(bytes);
        while (!reader.AtEnd)
        {
            var metricNumber = (long)reader.Unsigned();
            var timestamp = reader.Signed();
            var step = reader.Signed();
            block.points.Add(metricNumber, new MetricPoint(timestamp, step, reader.Double()));
        }
        return block;
    }

    /// <summary>The value of one metric without building the block; false where the run does not have it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> bytes, long metricNumber, out double value)
    {
        var reader = new PointCodec.Reader(bytes);
        while (!reader.AtEnd)
        {
            var found = (long)reader.Unsigned();
            reader.Unsigned();
            reader.Unsigned();
            value = reader.Double();
            if (found == metricNumber)
                return true;
            if (found > metricNumber)
                break;
        }
        value = default;
        return false;
    }

    /// <summary>Takes the points in; true when a latest value changed.</summary>
    public bool Offer(long metricNumber, MetricPoint point)
    {
        if (points.TryGetValue(metricNumber, out var latest) && !point.Supersedes(latest))
            return false;
        points[metricNumber] = point;
        return true;
    }

    public byte[] Encode()
    {
        var buffer = new List<byte>(20 * points.Count);
        var writer = new PointCodec.Writer(buffer);
        foreach (var (metricNumber, point) in points)
        {
            writer.Unsigned((ulong)metricNumber);
            writer.Signed(point.TimestampMs);
            writer.Signed(point.Step);
            writer.Double(point.Value);
        }
        return [.. buffer];
    }
}
