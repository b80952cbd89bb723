using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>
/// Reading a series. Chunks say how many points they hold, so those outside of a page are counted and not read. Where
/// the log reaches into chunks, as it does with points that come late or twice, those chunks are read whole with it,
/// because what is in both counts once; of a training that goes on that is the last chunk.
/// </summary>
internal sealed partial class MetricStore
{
    /// <summary>All points of a series in order, each once.</summary>
    public List<MetricPoint> History(Tx tx, long owner, string key) =>
        HistoryPage(tx, owner, key, 0, int.MaxValue).Points;

    /// <summary>A part of that, and how many points there are in all.</summary>
    public (List<MetricPoint> Points, int Total) HistoryPage(Tx tx, long owner, string key, int offset, int limit)
    {
        if (names.Find(tx, key) is not { } metricNumber)
            return ([], 0);
        var end = LogOf(tx, owner, metricNumber);
        var settled = ChunkEnds(tx, owner, metricNumber);
        if (end.Count > 0)
        {
            var first = end[0];
            settled.RemoveAll(chunk => (chunk.LastMs, chunk.LastStep).CompareTo((first.TimestampMs, first.Step)) >= 0);
            foreach (var chunk in ReadChunks(tx, owner, metricNumber, first.TimestampMs, first.Step))
                PointCodec.ReadSeries(chunk.Points, end);
            SortDistinct(end);
        }
        var (page, before) = ReadSettled(tx, owner, metricNumber, settled, offset, limit);
        var skipped = Math.Clamp(offset - before, 0, end.Count);
        page.AddRange(end.GetRange(skipped, Math.Min(limit - page.Count, end.Count - skipped)));
        return (page, before + end.Count);
    }

    /// <summary>What of the page stands in these chunks, and how many points they hold together.</summary>
    private static (List<MetricPoint> Page, int Total) ReadSettled(
        Tx tx,
        long owner,
        long metricNumber,
        List<ChunkEnd> chunks,
        int offset,
        int limit
    )
    {
        var (page, total, skip) = (new List<MetricPoint>(), 0, 0);
        var (from, to) = (long.MaxValue, long.MinValue);
        foreach (var chunk in chunks)
        {
            if (total + chunk.Count > offset && total < (long)offset + limit)
            {
                if (from == long.MaxValue)
                    (from, skip) = (chunk.Number, offset - total);
                to = chunk.Number;
            }
            total += chunk.Count;
        }
        if (from <= to)
            tx.Each(
                "select points from tracking_metric_chunks where owner_no = @owner_no and metric_no = @metric_no "
                    + "and chunk_no between @from_no and @to_no order by chunk_no",
                r => PointCodec.ReadSeries(r.Bytes(0), page),
                ("owner_no", owner),
                ("metric_no", metricNumber),
                ("from_no", from),
                ("to_no", to)
            );
        page.RemoveRange(0, Math.Max(0, skip));
        if (page.Count > limit)
            page.RemoveRange(limit, page.Count - limit);
        return (page, total);
    }

    private static List<MetricPoint> LogOf(Tx tx, long owner, long metricNumber)
    {
        var points = new List<MetricPoint>();
        tx.Each(
            "select points from tracking_metric_log where owner_no = @owner_no",
            r => PointCodec.ReadLog(r.Bytes(0), metricNumber, points),
            ("owner_no", owner)
        );
        SortDistinct(points);
        return points;
    }

    private static List<ChunkEnd> ChunkEnds(Tx tx, long owner, long metricNumber) =>
        tx.Many(
            "select chunk_no, point_count, last_ms, last_step from tracking_metric_chunks where owner_no = @owner_no and metric_no = @metric_no order by chunk_no",
            r => new ChunkEnd(r.Long(0), r.Int(1), r.Long(2), r.Long(3)),
            ("owner_no", owner),
            ("metric_no", metricNumber)
        );

    private readonly record struct ChunkEnd(long Number, int Count, long LastMs, long LastStep);
}
