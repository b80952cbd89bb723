using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Slipway.Tracking.Storage;

/// <summary>
/// Metric points as bytes. A series is: how many points, then each as the difference of its time and step to the point
/// before (variable length) and its value (8 bytes); ten bytes a point for regular series. The log holds several
/// series, each behind the number of its metric; a block of latest values is a log whose series have one point.
/// </summary>
internal static class PointCodec
{
    /// <summary>Reads and writes whole numbers in 7-bit groups, signed ones zigzag, so that small ones are short.</summary>
    internal ref struct Writer(List<byte> buffer)
    {
        public readonly void Unsigned(ulong value)
        {
            while (value >= 0x80)
            {
                buffer.Add((byte)(value | 0x80));
                value >>= 7;
            }
            buffer.Add((byte)value);
        }

        public readonly void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

        public readonly void Double(double value)
        {
            Span<byte> bytes = stackalloc byte[8];
            BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
            buffer.AddRange(bytes);
        }
    }

    internal ref struct Reader(ReadOnlySpan<byte> bytes)
    {
        private ReadOnlySpan<byte> rest = bytes;

        public readonly bool AtEnd => rest.IsEmpty;

        public ulong Unsigned()
        {
            var value = 0UL;
            var shift = 0;
            for (var i = 0; ; i++)
            {
                var next = rest[i];
                value |= (ulong)(next & 0x7F) << shift;
                if (next < 0x80)
                {
                    rest = rest[(i + 1)..];
                    return value;
                }
                shift += 7;
            }
        }

        public long Signed()
        {
            var value = Unsigned();
            return (long)(value >> 1) ^ -(long)(value & 1);
        }

        public double Double()
        {
            var value = BinaryPrimitives.ReadDoubleLittleEndian(rest);
            rest = rest[8..];
            return value;
        }
    }

    /// <summary>The whole log entry of one write: its points by metric, in the order in which they came.</summary>
    public static byte[] EncodeLog(IReadOnlyList<(long MetricNumber, List<MetricPoint> Points)> series)
    {
        var buffer = new List<byte>(16 * series.Sum(s => s.Points.Count) + 8);
        var writer = new Writer(buffer);
        foreach (var (metricNumber, points) in series)
        {
            writer.Unsigned((ulong)metricNumber);
            WriteSeries(ref writer, CollectionsMarshal.AsSpan(points));
        }
        return [.. buffer];
    }

    /// <summary>Adds the points of one metric in a log entry to the list.</summary>
    public static void ReadLog(ReadOnlySpan<byte> bytes, long metricNumber, List<MetricPoint> into)
    {
        var reader = new Reader(bytes);
        while (!reader.AtEnd)
        {
            var wanted = (long)reader.Unsigned() == metricNumber;
            ReadSeries(ref reader, wanted ? into : null);
        }
    }

    /// <summary>Adds all points in a log entry to the list of their metric.</summary>
    public static void ReadLog(ReadOnlySpan<byte> bytes, Dictionary<long, List<MetricPoint>> into)
    {
        var reader = new Reader(bytes);
        while (!reader.AtEnd)
        {
            ref var points = ref CollectionsMarshal.GetValueRefOrAddDefault(into, (long)reader.Unsigned(), out _);
            ReadSeries(ref reader, points ??= []);
        }
    }

    public static byte[] EncodeSeries(ReadOnlySpan<MetricPoint> points)
    {
        var buffer = new List<byte>(12 * points.Length + 8);
        var writer = new Writer(buffer);
        WriteSeries(ref writer, points);
        return [.. buffer];
    }

    public static void ReadSeries(ReadOnlySpan<byte> bytes, List<MetricPoint> into)
    {
        var reader = new Reader(bytes);
        ReadSeries(ref reader, into);
    }

    private static void WriteSeries(ref Writer writer, ReadOnlySpan<MetricPoint> points)
    {
        writer.Unsigned((ulong)points.Length);
        var (timestamp, step) = (0L, 0L);
        foreach (var point in points)
        {
            writer.Signed(point.TimestampMs - timestamp);
            writer.Signed(point.Step - step);
            writer.Double(point.Value);
            (timestamp, step) = (point.TimestampMs, point.Step);
        }
    }

    private static void ReadSeries(ref Reader reader, List<MetricPoint>? into)
    {
        var count = (int)reader.Unsigned();
        into?.EnsureCapacity(into.Count + count);
        var (timestamp, step) = (0L, 0L);
        for (var i = 0; i < count; i++)
        {
            timestamp += reader.Signed();
            step += reader.Signed();
            var point = new MetricPoint(timestamp, step, reader.Double());
            into?.Add(point);
        }
    }
}
