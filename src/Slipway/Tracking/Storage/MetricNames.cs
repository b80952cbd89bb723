using System.Collections.Concurrent;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>The small numbers that stand for metric names, kept in memory once they are durable.</summary>
internal sealed class MetricNames(Quotas? quotas = null)
{
    private readonly ConcurrentDictionary<string, long> numbers = new();
    private readonly ConcurrentDictionary<long, string> names = new();

    /// <summary>The number of a name; a new one where the name was never logged, on account of an experiment's workspace.</summary>
    public long NumberFor(Tx tx, string name, long? experimentId)
    {
        if (Find(tx, name) is { } known)
            return known;
        tx.Lock("tracking_metric_names");
        if (Find(tx, name) is { } meanwhile)
            return meanwhile;
        if (experimentId is { } id)
            quotas?.Take(tx, ExperimentStore.WorkspaceOf(tx, id), Quotas.MetricNames);
        var number = tx.One(
            "update tracking_counters set value = value + 1 where name = 'metric' returning value",
            r => r.Long(0)
        );
        tx.Execute(
            "insert into tracking_metric_names (metric_no, name) values (@metric_no, @name)",
            ("metric_no", number),
            ("name", name)
        );
        tx.AfterCommit(() => Remember(number, name));
        return number;
    }

    /// <summary>The number of a name, or null where the name was never logged.</summary>
    public long? Find(Tx tx, string name)
    {
        if (numbers.TryGetValue(name, out var cached))
            return cached;
        var number = tx.One(
            "select metric_no from tracking_metric_names where name = @name",
            r => (long?)r.Long(0),
            ("name", name)
        );
        if (number is { } found)
            tx.AfterCommit(() => Remember(found, name));
        return number;
    }

    public string NameOf(Tx tx, long number)
    {
        if (names.TryGetValue(number, out var cached))
            return cached;
        var name = tx.One(
            "select name from tracking_metric_names where metric_no = @metric_no",
            r => r.Text(0),
            ("metric_no", number)
        )!;
        tx.AfterCommit(() => Remember(number, name));
        return name;
    }

    public void Forget()
    {
        numbers.Clear();
        names.Clear();
    }

    private void Remember(long number, string name)
    {
        numbers[name] = number;
        names[number] = name;
    }
}
