using System.Runtime.InteropServices;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>
/// Metric points. A write appends one log entry and updates the latest values of the run; nothing it does depends on
/// how long the history is. A log is folded from time to time into sorted chunks per series. The history is what
/// stands in chunks and log together, each point once: a repeated write changes nothing. Points belong to an owner,
/// which is a run, or what a run measured on a logged model (see <see cref="ModelSeriesStore"/>).
/// </summary>
internal sealed partial class MetricStore(MetricNames names)
{
    /// <summary>About 20 KiB: big enough to read fast, small enough to rewrite when a series grows.</summary>
    private const int ChunkPoints = 2048;

    /// <summary>Logs points of a run, which then has them among its latest values.</summary>
    public void Append(Tx tx, RunHead run, IReadOnlyList<Metric> metrics)
    {
        if (metrics.Count > 0)
            UpdateLatest(tx, run, Append(tx, run.Number, metrics, run.ExperimentId));
    }

    /// <summary>Logs points of an owner whose latest values nobody asks for.</summary>
    public List<(long MetricNumber, List<MetricPoint> Points)> Append(
        Tx tx,
        long owner,
        IReadOnlyList<Metric> metrics,
        long? experimentId = null
    )
    {
        var series = GroupByMetric(tx, metrics, experimentId);
        tx.Execute(
            "insert into tracking_metric_log (owner_no, points) values (@owner_no, @points)",
            ("owner_no", owner),
            ("points", PointCodec.EncodeLog(series))
        );
        return series;
    }

    /// <summary>Puts points of a run straight into chunks, past the log: for histories that come whole.</summary>
    public void Add(Tx tx, RunHead run, IReadOnlyList<Metric> metrics)
    {
        if (metrics.Count > 0)
            UpdateLatest(tx, run, Add(tx, run.Number, metrics, run.ExperimentId));
    }

    public List<(long MetricNumber, List<MetricPoint> Points)> Add(
        Tx tx,
        long owner,
        IReadOnlyList<Metric> metrics,
        long? experimentId = null
    )
    {
        tx.Lock($"tracking_fold:{owner}");
        var series = GroupByMetric(tx, metrics, experimentId);
        foreach (var (metricNumber, points) in series)
        {
            SortDistinct(points);
            FoldSeries(tx, owner, metricNumber, points);
        }
        return series;
    }

    /// <summary>How many points an owner has in its chunks; null where its log holds more.</summary>
    public static long? CountFolded(Tx tx, long owner) =>
        tx.One("select 1 from tracking_metric_log where owner_no = @owner_no limit 1", _ => true, ("owner_no", owner))
            ? null
            : tx.One(
                "select cast(coalesce(sum(point_count), 0) as bigint) from tracking_metric_chunks where owner_no = @owner_no",
                r => r.Long(0),
                ("owner_no", owner)
            );

    public List<Metric> Latest(Tx tx, long runNumber) =>
        LatestOf(tx, [runNumber]).TryGetValue(runNumber, out var metrics) ? metrics : [];

    /// <summary>The latest values of each of these runs that has any.</summary>
    public Dictionary<long, List<Metric>> LatestOf(Tx tx, IReadOnlyCollection<long> runNumbers)
    {
        var blocks = tx.Many(
            $"select run_no, points from tracking_latest where {tx.Dialect.AnyOf("run_no", "numbers")} order by run_no, block",
            r => (Run: r.Long(0), Points: r.Bytes(1)),
            ("numbers", tx.Dialect.List(runNumbers))
        );
        var byRun = new Dictionary<long, List<Metric>>(runNumbers.Count);
        foreach (var (run, bytes) in blocks)
        {
            ref var metrics = ref CollectionsMarshal.GetValueRefOrAddDefault(byRun, run, out _);
            metrics ??= new List<Metric>(32);
            var entries = new LatestBlock.Entries(bytes);
            while (entries.MoveNext())
                metrics.Add(
                    new Metric(names.NameOf(tx, entries.Number), entries.Current.Latest)
                    {
                        Lowest = entries.Current.Lowest,
                        Highest = entries.Current.Highest,
                    }
                );
        }
        return byRun;
    }

    /// <summary>All points of these owners, each once, in the order of their histories.</summary>
    public ILookup<long, Metric> PointsOf(Tx tx, IReadOnlyCollection<long> owners)
    {
        var series = new Dictionary<(long Owner, long MetricNumber), List<MetricPoint>>();
        tx.Each(
            $"select owner_no, metric_no, points from tracking_metric_chunks where {tx.Dialect.AnyOf("owner_no", "owners")} order by owner_no, metric_no, chunk_no",
            r => PointCodec.ReadSeries(r.Bytes(2), SeriesOf(series, r.Long(0), r.Long(1))),
            ("owners", tx.Dialect.List(owners))
        );
        var entry = new Dictionary<long, List<MetricPoint>>();
        tx.Each(
            $"select owner_no, points from tracking_metric_log where {tx.Dialect.AnyOf("owner_no", "owners")}",
            r =>
            {
                entry.Clear();
                PointCodec.ReadLog(r.Bytes(1), entry);
                foreach (var (metricNumber, points) in entry)
                    SeriesOf(series, r.Long(0), metricNumber).AddRange(points);
            },
            ("owners", tx.Dialect.List(owners))
        );
        foreach (var points in series.Values)
            SortDistinct(points);
        return (
            from item in series
            let name = names.NameOf(tx, item.Key.MetricNumber)
            from point in item.Value
            select (item.Key.Owner, Metric: new Metric(name, point))
        ).ToLookup(item => item.Owner, item => item.Metric);
    }

    /// <summary>Owners with so many log entries: what a reader has to go through beside the chunks.</summary>
    public static List<long> OwnersWithLongLogs(Tx tx, int entries) =>
        tx.Many(
            "select owner_no from tracking_metric_log group by owner_no having count(*) >= @entries",
            r => r.Long(0),
            ("entries", entries)
        );

    /// <summary>Folds the log of an owner into its chunks. What a reader sees is the same before and after.</summary>
    public static void Fold(Tx tx, long owner)
    {
        tx.Lock($"tracking_fold:{owner}");
        var log = tx.Many(
            "delete from tracking_metric_log where owner_no = @owner_no returning points",
            r => r.Bytes(0),
            ("owner_no", owner)
        );
        var series = new Dictionary<long, List<MetricPoint>>();
        foreach (var entry in log)
            PointCodec.ReadLog(entry, series);
        foreach (var (metricNumber, points) in series)
        {
            SortDistinct(points);
            FoldSeries(tx, owner, metricNumber, points);
        }
    }

    /// <summary>Tells searches of which experiment the run's latest values are.</summary>
    public static void MoveLatest(Tx tx, long runNumber, long experimentId) =>
        tx.Execute(
            "update tracking_latest set experiment_id = @experiment_id, changed = @changed where run_no = @run_no",
            ("experiment_id", experimentId),
            ("changed", tx.Stamp),
            ("run_no", runNumber)
        );

    public static void DeleteAll(Tx tx, long owner)
    {
        tx.Execute("delete from tracking_metric_log where owner_no = @owner_no", ("owner_no", owner));
        tx.Execute("delete from tracking_metric_chunks where owner_no = @owner_no", ("owner_no", owner));
        tx.Execute("delete from tracking_latest where run_no = @run_no", ("run_no", owner));
    }

    private static void FoldSeries(Tx tx, long owner, long metricNumber, List<MetricPoint> points)
    {
        // Chunks stand in order and do not overlap; those that reach into the new points are written anew with them,
        // and so is a last chunk that has room.
        var first = points[0];
        var touched = ReadChunks(tx, owner, metricNumber, first.TimestampMs, first.Step);
        var next = touched.Count > 0 ? touched[0].Number : NextChunk(tx, owner, metricNumber);
        if (touched.Count == 0 && LastChunk(tx, owner, metricNumber) is { } last && last.Count < ChunkPoints)
            (touched, next) = ([last], last.Number);
        foreach (var chunk in touched)
        {
            PointCodec.ReadSeries(chunk.Points, points);
            tx.Execute(
                "delete from tracking_metric_chunks where owner_no = @owner_no and metric_no = @metric_no and chunk_no = @chunk_no",
                ("owner_no", owner),
                ("metric_no", metricNumber),
                ("chunk_no", chunk.Number)
            );
        }
        if (touched.Count > 0)
            SortDistinct(points);
        // Rewritten chunks may become more than there were; those behind them are in "touched" too, so numbers are free.
        foreach (var part in CollectionsMarshal.AsSpan(points).ToArray().Chunk(ChunkPoints))
            InsertChunk(tx, owner, metricNumber, next++, part);
    }

    private static void InsertChunk(Tx tx, long owner, long metricNumber, long chunkNumber, MetricPoint[] points) =>
        tx.Execute(
            "insert into tracking_metric_chunks (owner_no, metric_no, chunk_no, point_count, first_ms, first_step, last_ms, last_step, points) "
                + "values (@owner_no, @metric_no, @chunk_no, @point_count, @first_ms, @first_step, @last_ms, @last_step, @points)",
            ("owner_no", owner),
            ("metric_no", metricNumber),
            ("chunk_no", chunkNumber),
            ("point_count", points.Length),
            ("first_ms", points[0].TimestampMs),
            ("first_step", points[0].Step),
            ("last_ms", points[^1].TimestampMs),
            ("last_step", points[^1].Step),
            ("points", PointCodec.EncodeSeries(points))
        );

    /// <summary>The chunks from the first on that holds a point at or behind this time and step.</summary>
    private static List<Chunk> ReadChunks(Tx tx, long owner, long metricNumber, long fromMs, long fromStep) =>
        tx.Many(
            "select chunk_no, point_count, points from tracking_metric_chunks where owner_no = @owner_no and metric_no = @metric_no "
                + "and (last_ms > @from_ms or (last_ms = @from_ms and last_step >= @from_step)) order by chunk_no",
            ReadChunk,
            ("owner_no", owner),
            ("metric_no", metricNumber),
            ("from_ms", fromMs),
            ("from_step", fromStep)
        );

    private static Chunk? LastChunk(Tx tx, long owner, long metricNumber) =>
        tx.One(
            "select chunk_no, point_count, points from tracking_metric_chunks where owner_no = @owner_no and metric_no = @metric_no order by chunk_no desc limit 1",
            ReadChunk,
            ("owner_no", owner),
            ("metric_no", metricNumber)
        );

    private static long NextChunk(Tx tx, long owner, long metricNumber) =>
        tx.One(
            "select coalesce(max(chunk_no), -1) + 1 from tracking_metric_chunks where owner_no = @owner_no and metric_no = @metric_no",
            r => r.Long(0),
            ("owner_no", owner),
            ("metric_no", metricNumber)
        );

    private static Chunk ReadChunk(Row r) => new(r.Long(0), r.Int(1), r.Bytes(2));

    private List<(long MetricNumber, List<MetricPoint> Points)> GroupByMetric(
        Tx tx,
        IReadOnlyList<Metric> metrics,
        long? experimentId
    )
    {
        var positions = new Dictionary<string, int>();
        var series = new List<(long MetricNumber, List<MetricPoint> Points)>();
        foreach (var metric in metrics)
        {
            if (!positions.TryGetValue(metric.Key, out var position))
            {
                positions.Add(metric.Key, position = series.Count);
                series.Add((names.NumberFor(tx, metric.Key, experimentId), []));
            }
            series[position].Points.Add(metric.Point);
        }
        return series;
    }

    private static void UpdateLatest(Tx tx, RunHead run, List<(long MetricNumber, List<MetricPoint> Points)> series)
    {
        foreach (var group in series.GroupBy(s => LatestBlock.Of(s.MetricNumber)))
        {
            var stored = tx.One(
                "select points from tracking_latest where run_no = @run_no and block = @block",
                r => r.Bytes(0),
                ("run_no", run.Number),
                ("block", group.Key)
            );
            var block = LatestBlock.Decode(stored);
            var changed = false;
            foreach (var (metricNumber, points) in group)
            {
                foreach (var point in points)
                    changed |= block.Offer(metricNumber, point);
            }
            if (changed)
                SaveBlock(tx, run, group.Key, block.Encode());
        }
    }

    private static void SaveBlock(Tx tx, RunHead run, long block, byte[] points) =>
        tx.Execute(
            "insert into tracking_latest (run_no, block, experiment_id, changed, points) values (@run_no, @block, @experiment_id, @changed, @points) "
                + "on conflict (run_no, block) do update set changed = excluded.changed, points = excluded.points",
            ("run_no", run.Number),
            ("block", block),
            ("experiment_id", run.ExperimentId),
            ("changed", tx.Stamp),
            ("points", points)
        );

    private static List<MetricPoint> SeriesOf(
        Dictionary<(long Owner, long MetricNumber), List<MetricPoint>> series,
        long owner,
        long metricNumber
    )
    {
        ref var points = ref CollectionsMarshal.GetValueRefOrAddDefault(series, (owner, metricNumber), out _);
        return points ??= [];
    }

    internal static void SortDistinct(List<MetricPoint> points)
    {
        var span = CollectionsMarshal.AsSpan(points);
        var ordered = true;
        for (var i = 1; i < span.Length && ordered; i++)
            ordered = span[i - 1].CompareTo(span[i]) < 0;
        if (ordered)
            return;
        points.Sort();
        var kept = 0;
        for (var i = 0; i < points.Count; i++)
        {
            if (i == 0 || points[i].CompareTo(points[kept - 1]) != 0)
                points[kept++] = points[i];
        }
        points.RemoveRange(kept, points.Count - kept);
    }

    private sealed record Chunk(long Number, int Count, byte[] Points);
}
