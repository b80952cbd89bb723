using System.Runtime.InteropServices;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>
/// How far a follower has read one series: the last point in the order of the history, and how many points stand up to
/// it. More of them later means that points came in behind the follower's back, with older times.
/// </summary>
internal readonly record struct SeriesMark(MetricPoint Last, int Count);

/// <summary>What a follower did not have yet of one series: new points at its end, or the whole of it anew.</summary>
internal sealed record SeriesNews(List<MetricPoint> Points, bool Anew, SeriesMark Mark);

/// <summary>
/// Reads what was logged since a follower last looked, whoever logged it on whatever server, at the cost of what is new
/// and not of the history: chunks that end before the follower's mark are counted and not read.
/// </summary>
internal sealed class FollowStore(MetricNames names)
{
    /// <summary>Changes with everything a run logs, and with folding, which changes nothing for a follower.</summary>
    public static (long Run, long Latest, long Log, long Chunks) Trace(Tx tx, long runNumber) =>
        (
            tx.One("select changed from tracking_runs where run_no = @run_no", r => r.Long(0), ("run_no", runNumber)),
            tx.One(
                "select coalesce(max(changed), 0) from tracking_latest where run_no = @run_no",
                r => r.Long(0),
                ("run_no", runNumber)
            ),
            tx.One(
                "select count(*) from tracking_metric_log where owner_no = @owner_no",
                r => r.Long(0),
                ("owner_no", runNumber)
            ),
            tx.One(
                "select coalesce(sum(point_count), 0) from tracking_metric_chunks where owner_no = @owner_no",
                r => r.Long(0),
                ("owner_no", runNumber)
            )
        );

    /// <summary>The news of every series of the run, by name, given the marks of those the follower knows; most may have none.</summary>
    public SortedDictionary<string, SeriesNews> Read(
        Tx tx,
        long runNumber,
        IReadOnlyDictionary<string, SeriesMark> marks,
        Predicate<string> wanted
    )
    {
        var log = SeriesStore.ReadLog(tx, runNumber);
        var chunks = ReadHeads(tx, runNumber).ToLookup(chunk => chunk.MetricNumber);
        var news = new SortedDictionary<string, SeriesNews>(StringComparer.Ordinal);
        foreach (var metricNumber in log.Keys.Union(chunks.Select(group => group.Key)))
        {
            var name = names.NameOf(tx, metricNumber);
            if (!wanted(name))
                continue;
            var logged = log.GetValueOrDefault(metricNumber, []);
            var here = chunks[metricNumber].ToList();
            var end = marks.TryGetValue(name, out var mark) ? Since(tx, runNumber, mark, here, logged) : null;
            news.Add(name, end is { Anew: false } ? end : Whole(tx, runNumber, here, logged));
        }
        return news;
    }

    private static SeriesNews Since(
        Tx tx,
        long runNumber,
        SeriesMark mark,
        List<ChunkHead> chunks,
        List<MetricPoint> logged
    )
    {
        // A point in the log may stand in a chunk as well; so that it is counted once, such chunks are read.
        var from = logged.Aggregate(mark.Last, (least, point) => point.CompareTo(least) < 0 ? point : least);
        var before = 0;
        var tail = new List<MetricPoint>(logged);
        foreach (var chunk in chunks)
        {
            if ((chunk.LastMs, chunk.LastStep).CompareTo((from.TimestampMs, from.Step)) < 0)
                before += chunk.Count;
            else
                Load(tx, runNumber, chunk, tail);
        }
        MetricStore.SortDistinct(tail);
        var known = tail.FindIndex(point => point.CompareTo(mark.Last) > 0);
        if (known < 0)
            known = tail.Count;
        var points = tail.GetRange(known, tail.Count - known);
        var next = new SeriesMark(points.Count > 0 ? points[^1] : mark.Last, before + tail.Count);
        return new SeriesNews(points, Anew: before + known != mark.Count, next);
    }

    private static SeriesNews Whole(Tx tx, long runNumber, List<ChunkHead> chunks, List<MetricPoint> logged)
    {
        var points = new List<MetricPoint>(logged);
        foreach (var chunk in chunks)
            Load(tx, runNumber, chunk, points);
        MetricStore.SortDistinct(points);
        return new SeriesNews(points, Anew: true, new SeriesMark(points[^1], points.Count));
    }

    private static void Load(Tx tx, long runNumber, ChunkHead chunk, List<MetricPoint> into) =>
        PointCodec.ReadSeries(
            tx.One(
                "select points from tracking_metric_chunks where owner_no = @owner_no and metric_no = @metric_no and chunk_no = @chunk_no",
                r => r.Bytes(0),
                ("owner_no", runNumber),
                ("metric_no", chunk.MetricNumber),
                ("chunk_no", chunk.Number)
            ),
            into
        );

    private static List<ChunkHead> ReadHeads(Tx tx, long runNumber) =>
        tx.Many(
            "select metric_no, chunk_no, point_count, last_ms, last_step from tracking_metric_chunks where owner_no = @owner_no order by metric_no, chunk_no",
            r => new ChunkHead(r.Long(0), r.Long(1), r.Int(2), r.Long(3), r.Long(4)),
            ("owner_no", runNumber)
        );

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct ChunkHead(long MetricNumber, long Number, int Count, long LastMs, long LastStep);
}
