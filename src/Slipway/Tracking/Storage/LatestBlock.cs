namespace Slipway.Tracking.Storage;

/// <summary>What a block says of one metric: its latest point, and the least and most it ever was; both NaN where it never was a number.</summary>
internal readonly record struct Standing(MetricPoint Latest, double Lowest, double Highest)
{
    public static Standing Of(MetricPoint first) => new(first, first.Value, first.Value);

    public Standing With(MetricPoint point) =>
        new(point.Supersedes(Latest) ? point : Latest, Least(Lowest, point.Value), Most(Highest, point.Value));

    /// <summary>Whether the metric was ever anything else than its latest value.</summary>
    public bool HasMoved => !Lowest.Equals(Latest.Value) || !Highest.Equals(Latest.Value);

    private static double Least(double known, double value) => double.IsNaN(known) || value < known ? value : known;

    private static double Most(double known, double value) => double.IsNaN(known) || value > known ? value : known;
}

/// <summary>Which of its numbers a metric is searched by.</summary>
internal enum MetricAspect
{
    Latest,
    Lowest,
    Highest,
}

/// <summary>
/// How up to 64 metrics of one run stand: those whose numbers agree but for the low six bits. Numbers are given out as
/// names first appear, so the metrics of one training script share a block or two, and a run is read or updated in one
/// or two rows whatever the number of its metrics.
/// </summary>
internal sealed class LatestBlock
{
    /// <summary>Begins a block that knows extremes; in one that does not, a metric's number stands there, which is above 0.</summary>
    private const byte WithExtremes = 0;

    private readonly SortedList<long, Standing> standings = new(64);

    public IEnumerable<KeyValuePair<long, Standing>> Standings => standings;

    public static long Of(long metricNumber) => metricNumber >> 6;

    public static LatestBlock Decode(ReadOnlySpan<byte> bytes)
    {
        var block = new LatestBlock();
        var entries = new Entries(bytes);
        while (entries.MoveNext())
            block.standings.Add(entries.Number, entries.Current);
        return block;
    }

    /// <summary>One number of one metric without building the block; false where the run does not have it.</summary>
    public static bool TryFind(ReadOnlySpan<byte> bytes, long metricNumber, MetricAspect aspect, out double value)
    {
        var entries = new Entries(bytes);
        while (entries.MoveNext())
        {
            if (entries.Number < metricNumber)
                continue;
            value = aspect switch
            {
                MetricAspect.Lowest => entries.Current.Lowest,
                MetricAspect.Highest => entries.Current.Highest,
                _ => entries.Current.Latest.Value,
            };
            return entries.Number == metricNumber;
        }
        value = default;
        return false;
    }

    /// <summary>Takes the point in; true when the block changed.</summary>
    public bool Offer(long metricNumber, MetricPoint point)
    {
        var known = standings.TryGetValue(metricNumber, out var before);
        var now = known ? before.With(point) : Standing.Of(point);
        if (known && now == before)
            return false;
        standings[metricNumber] = now;
        return true;
    }

    public byte[] Encode()
    {
        var buffer = new List<byte>(1 + (20 * standings.Count)) { WithExtremes };
        var writer = new PointCodec.Writer(buffer);
        foreach (var (metricNumber, standing) in standings)
        {
            writer.Unsigned(((ulong)metricNumber << 1) | (standing.HasMoved ? 1UL : 0UL));
            writer.Signed(standing.Latest.TimestampMs);
            writer.Signed(standing.Latest.Step);
            writer.Double(standing.Latest.Value);
            if (!standing.HasMoved)
                continue;
            writer.Double(standing.Lowest);
            writer.Double(standing.Highest);
        }
        return [.. buffer];
    }

    /// <summary>The metrics of an encoded block one by one, in the order of their numbers.</summary>
    public ref struct Entries
    {
        private readonly bool hasExtremes;
        private PointCodec.Reader reader;

        public Entries(ReadOnlySpan<byte> bytes)
        {
            hasExtremes = bytes.Length > 0 && bytes[0] == WithExtremes;
            reader = new PointCodec.Reader(hasExtremes ? bytes[1..] : bytes);
        }

        public long Number { get; private set; }

        public Standing Current { get; private set; }

        public bool MoveNext()
        {
            if (reader.AtEnd)
                return false;
            var head = reader.Unsigned();
            Number = (long)(hasExtremes ? head >> 1 : head);
            var timestamp = reader.Signed();
            var step = reader.Signed();
            var latest = new MetricPoint(timestamp, step, reader.Double());
            Current =
                hasExtremes && (head & 1) == 1
                    ? new Standing(latest, reader.Double(), reader.Double())
                    : Standing.Of(latest);
            return true;
        }
    }
}
