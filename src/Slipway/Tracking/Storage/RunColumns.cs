using System.Runtime.InteropServices;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>
/// What searches ask of the runs of one experiment, in memory by column. It is a copy that can be thrown away: before
/// each search it reads, in the search's own snapshot, the rows that changed since the last one (see Tx.Horizon), so an
/// answer never misses what was acknowledged, on any number of servers. Columns of fields are read when first asked for.
/// </summary>
internal sealed class RunColumns(long experimentId, MetricNames names)
{
    private readonly List<long> numbers = [];
    private readonly List<ulong> idPrefixes = [];
    private readonly NumberColumn starts = new();
    private readonly List<bool> deleted = [];
    private readonly Dictionary<long, int> rowOf = [];
    private readonly Dictionary<RunField, RunColumn> columns = [];
    private readonly Dictionary<RunField, long> metricNumbers = [];
    private long horizon = long.MinValue;
    private long purged = long.MinValue;

    public int Count => numbers.Count;

    /// <summary>How much memory this holds, in values.</summary>
    public long Cells => (long)Count * (4 + columns.Count);

    public long NumberAt(int row) => numbers[row];

    /// <summary>The highest number of all rows; numbers rise with time.</summary>
    public long Newest { get; private set; }

    public NumberColumn Starts => starts;

    public double StartAt(int row) => starts.Values[row];

    public ulong IdPrefixAt(int row) => idPrefixes[row];

    /// <summary>Marks which rows of the block that begins at the first are in the view.</summary>
    public void InView(View view, int first, Span<bool> rows)
    {
        if (view == View.All)
        {
            rows.Fill(true);
            return;
        }
        var block = CollectionsMarshal.AsSpan(deleted).Slice(first, rows.Length);
        for (var i = 0; i < rows.Length; i++)
            rows[i] = block[i] == (view == View.DeletedOnly);
    }

    /// <summary>Takes the mark from rows of the block whose number is higher.</summary>
    public void UpTo(long number, int first, Span<bool> rows)
    {
        if (number >= Newest)
            return;
        for (var i = 0; i < rows.Length; i++)
            rows[i] &= numbers[first + i] <= number;
    }

    /// <summary>Brings the columns up to the transaction's snapshot, and those that are asked for into memory.</summary>
    public void Refresh(Tx tx, IEnumerable<RunField> asked)
    {
        var next = tx.Horizon();
        var purgedNow = ExperimentStore.PurgedStamp(tx, experimentId);
        if (purgedNow != purged)
            Clear();
        purged = purgedNow;
        var documentsChanged = ReadChangedHeads(tx);
        Fill(tx, horizon, [.. columns.Keys.Where(f => f.IsMetric || documentsChanged)]);
        var missing = asked.Distinct().Where(f => !IsFilled(f)).ToList();
        foreach (var field in missing)
            columns[field] = NewColumn(field);
        Fill(tx, long.MinValue, missing);
        horizon = next;
    }

    /// <summary>The column of a field that the last refresh was asked for.</summary>
    public RunColumn Column(RunField field) => columns[field];

    /// <summary>A metric that nobody had logged when it was asked for may have been logged since.</summary>
    private bool IsFilled(RunField field) =>
        columns.ContainsKey(field) && (!field.IsMetric || metricNumbers.ContainsKey(field));

    private RunColumn NewColumn(RunField field)
    {
        RunColumn column =
            field.IsNumber ? new NumberColumn()
            : field.Kind == RunFieldKind.Dataset ? new TextsColumn()
            : new TextColumn();
        for (var row = 0; row < Count; row++)
            column.AddRow();
        return column;
    }

    /// <summary>Goes through each table once, whatever the number of fields.</summary>
    private void Fill(Tx tx, long since, IReadOnlyList<RunField> fields)
    {
        FillDocuments(tx, since, [.. fields.Where(f => !f.IsMetric)]);
        foreach (var field in fields.Where(f => f.IsMetric && !metricNumbers.ContainsKey(f)))
        {
            if (names.Find(tx, field.Key) is { } metricNumber)
                metricNumbers[field] = metricNumber;
        }
        foreach (var block in fields.Where(metricNumbers.ContainsKey).GroupBy(f => LatestBlock.Of(metricNumbers[f])))
            FillMetrics(tx, since, block.Key, [.. block]);
    }

    private bool ReadChangedHeads(Tx tx)
    {
        var anyChanged = false;
        tx.Each(
            "select run_no, run_id, lifecycle, start_ms from tracking_runs where experiment_id = @experiment_id and changed >= @horizon",
            r =>
            {
                anyChanged = true;
                var row = Row(r.Long(0));
                idPrefixes[row] = Prefix(r.Text(1));
                deleted[row] = r.Int(2) != (int)Lifecycle.Active;
                starts.Set(row, r.Long(3));
            },
            ("experiment_id", experimentId),
            ("horizon", horizon)
        );
        return anyChanged;
    }

    private void FillDocuments(Tx tx, long since, IReadOnlyList<RunField> fields)
    {
        if (fields.Count == 0)
            return;
        tx.Each(
            "select run_no, run_id, name, user_name, artifact_uri, status, start_ms, end_ms, params, tags, links from tracking_runs "
                + "where experiment_id = @experiment_id and changed >= @horizon",
            r => Fill(r, fields),
            ("experiment_id", experimentId),
            ("horizon", since)
        );
    }

    private void Fill(Row r, IReadOnlyList<RunField> fields)
    {
        if (!rowOf.TryGetValue(r.Long(0), out var row))
            return;
        foreach (var field in fields)
        {
            switch (columns[field])
            {
                case NumberColumn numbersColumn:
                    numbersColumn.Set(
                        row,
                        field.Key switch
                        {
                            "start_time" => r.Long(6),
                            "duration" => r.LongOrNull(7) - r.Long(6),
                            _ => r.LongOrNull(7),
                        }
                    );
                    break;
                case TextsColumn textsColumn:
                    textsColumn.Set(row, DatasetTexts(r.TextOrNull(10), field.Key));
                    break;
                case TextColumn textColumn:
                    textColumn.Set(
                        row,
                        field.Kind switch
                        {
                            RunFieldKind.Param => Documents.Find(r.Text(8), field.Key),
                            RunFieldKind.Tag => Documents.Find(r.Text(9), field.Key),
                            _ => AttributeText(r, field.Key),
                        }
                    );
                    break;
            }
        }
    }

    private static string AttributeText(Row r, string key) =>
        key switch
        {
            "run_id" => r.Text(1),
            "run_name" => r.Text(2),
            "user_id" => r.Text(3),
            "artifact_uri" => r.Text(4),
            _ => ((RunStatus)r.Int(5)).ToString().ToUpperInvariant(),
        };

    private static string[] DatasetTexts(string? links, string key) =>
        links is null
            ? []
            :
            [
                .. Documents
                    .ReadLinks(links)
                    .Datasets.Select(d =>
                        key switch
                        {
                            "name" => d.Name,
                            "digest" => d.Digest,
                            _ => d.Tags.Find(t => t.Key == DatasetInput.ContextTag).Value,
                        }
                    )
                    .OfType<string>(),
            ];

    private void FillMetrics(Tx tx, long since, long block, IReadOnlyList<RunField> fields)
    {
        tx.Each(
            "select run_no, points from tracking_latest where experiment_id = @experiment_id and changed >= @horizon and block = @block",
            r =>
            {
                if (!rowOf.TryGetValue(r.Long(0), out var row))
                    return;
                var points = r.Bytes(1);
                foreach (var field in fields)
                    ((NumberColumn)columns[field]).Set(
                        row,
                        LatestBlock.TryFind(points, metricNumbers[field], AspectOf(field), out var value) ? value : null
                    );
            },
            ("experiment_id", experimentId),
            ("horizon", since),
            ("block", block)
        );
    }

    private static MetricAspect AspectOf(RunField field) =>
        field.Kind switch
        {
            RunFieldKind.Lowest => MetricAspect.Lowest,
            RunFieldKind.Highest => MetricAspect.Highest,
            _ => MetricAspect.Latest,
        };

    private int Row(long number)
    {
        if (rowOf.TryGetValue(number, out var row))
            return row;
        row = numbers.Count;
        rowOf.Add(number, row);
        numbers.Add(number);
        Newest = Math.Max(Newest, number);
        idPrefixes.Add(0);
        starts.AddRow();
        deleted.Add(false);
        foreach (var column in columns.Values)
            column.AddRow();
        return row;
    }

    private void Clear()
    {
        numbers.Clear();
        Newest = 0;
        idPrefixes.Clear();
        starts.Clear();
        deleted.Clear();
        rowOf.Clear();
        columns.Clear();
        metricNumbers.Clear();
        horizon = long.MinValue;
    }

    /// <summary>The first eight characters: enough to put runs of one start time into the same order each time.</summary>
    private static ulong Prefix(string id)
    {
        var prefix = 0UL;
        for (var i = 0; i < 8; i++)
            prefix = (prefix << 8) | (i < id.Length ? (byte)Math.Min((int)id[i], 255) : 0U);
        return prefix;
    }
}
