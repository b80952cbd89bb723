namespace Slipway.Doors.Mlflow.Import;

/// <summary>What became of one kind of things: read there, written here, found here already, not taken.</summary>
public sealed class ImportCount
{
    private long read;
    private long written;
    private long notTaken;

    public long Read => read;

    public long Written => written;

    /// <summary>What an import before this one had brought.</summary>
    public long HereBefore => read - written - notTaken;

    public long NotTaken => notTaken;

    internal void Add(long wasRead, long wasWritten)
    {
        Interlocked.Add(ref read, wasRead);
        Interlocked.Add(ref written, wasWritten);
    }

    internal void Refuse(long count)
    {
        Interlocked.Add(ref read, count);
        Interlocked.Add(ref notTaken, count);
    }
}

/// <summary>Why some things were not taken: how many of them, and one that shows what is meant.</summary>
public sealed record ImportRemark(string Kind, string Why, long Count, string Example);

/// <summary>The books of an import: every thing read is written, was here before, or is named with the reason.</summary>
public sealed class ImportLedger
{
    private readonly Lock gate = new();
    private readonly Dictionary<(string Kind, string Why), ImportRemark> remarks = [];

    public ImportCount Experiments { get; } = new();

    public ImportCount Runs { get; } = new();

    public ImportCount Params { get; } = new();

    public ImportCount Tags { get; } = new();

    public ImportCount Points { get; } = new();

    /// <summary>Datasets and models that runs name as what they read or made.</summary>
    public ImportCount Links { get; } = new();

    public ImportCount Models { get; } = new();

    public ImportCount Artifacts { get; } = new();

    public ImportCount Traces { get; } = new();

    public ImportCount Spans { get; } = new();

    public ImportCount Assessments { get; } = new();

    /// <summary>Evaluation datasets.</summary>
    public ImportCount Datasets { get; } = new();

    /// <summary>The records of evaluation datasets.</summary>
    public ImportCount Records { get; } = new();

    public IReadOnlyList<ImportRemark> Remarks
    {
        get
        {
            lock (gate)
                return [.. remarks.Values.OrderBy(remark => remark.Kind, StringComparer.Ordinal)];
        }
    }

    internal void Refuse(ImportCount count, string kind, string why, string example)
    {
        count.Refuse(1);
        Note(kind, why, example);
    }

    internal void Note(string kind, string why, string example, long count = 1)
    {
        lock (gate)
            remarks[(kind, why)] = remarks.TryGetValue((kind, why), out var known)
                ? known with
                {
                    Count = known.Count + count,
                }
                : new ImportRemark(kind, why, count, example);
    }
}
