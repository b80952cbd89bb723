using System.Runtime.InteropServices;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>Reads the histories of many metrics of a run at once: its log is gone through one time for all of them.</summary>
internal sealed class SeriesStore(MetricNames names)
{
    /// <summary>The whole histories by name, each point once; of these metrics, or of all where none are named.</summary>
    public SortedDictionary<string, List<MetricPoint>> Read(Tx tx, long runNumber, IReadOnlyCollection<string> keys)
    {
        var wanted = keys.Select(key => names.Find(tx, key)).OfType<long>().ToHashSet();
        var series = ReadLog(tx, runNumber);
        foreach (var (metricNumber, chunk) in ReadChunks(tx, runNumber, keys.Count == 0 ? null : wanted))
        {
            ref var points = ref CollectionsMarshal.GetValueRefOrAddDefault(series, metricNumber, out _);
            PointCodec.ReadSeries(chunk, points ??= []);
        }
        var byName = new SortedDictionary<string, List<MetricPoint>>(StringComparer.Ordinal);
        foreach (var (metricNumber, points) in series)
        {
            if (keys.Count > 0 && !wanted.Contains(metricNumber))
                continue;
            MetricStore.SortDistinct(points);
            byName.Add(names.NameOf(tx, metricNumber), points);
        }
        return byName;
    }

    internal static Dictionary<long, List<MetricPoint>> ReadLog(Tx tx, long runNumber)
    {
        var series = new Dictionary<long, List<MetricPoint>>();
        tx.Each(
            "select points from tracking_metric_log where owner_no = @owner_no",
            r => PointCodec.ReadLog(r.Bytes(0), series),
            ("owner_no", runNumber)
        );
        return series;
    }

    private static List<(long MetricNumber, byte[] Points)> ReadChunks(Tx tx, long runNumber, HashSet<long>? wanted) =>
        wanted is null
            ? tx.Many(
                "select metric_no, points from tracking_metric_chunks where owner_no = @owner_no",
                r => (r.Long(0), r.Bytes(1)),
                ("owner_no", runNumber)
            )
            : tx.Many(
                $"select metric_no, points from tracking_metric_chunks where owner_no = @owner_no and {tx.Dialect.AnyOf("metric_no", "numbers")}",
                r => (r.Long(0), r.Bytes(1)),
                ("owner_no", runNumber),
                ("numbers", tx.Dialect.List(wanted))
            );
}
