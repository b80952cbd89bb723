using System.Runtime.InteropServices;

namespace Slipway.Tracking.Storage;

/// <summary>Gathers runs by a text, with a summary of their metrics.</summary>
internal sealed class RunGrouping(IReadOnlyList<string> metricKeys)
{
    private const int GroupLimit = 1000;

    private readonly Dictionary<string, Sums> groups = new(StringComparer.Ordinal);
    private Sums? without;

    public void Add(string? value, NumberColumn[] metrics, int row)
    {
        var group = value is null ? without ??= new Sums(metrics.Length) : Of(value, metrics.Length);
        group.Runs++;
        for (var i = 0; i < metrics.Length; i++)
            group.Metrics[i].Add(metrics[i].Values[row]);
    }

    /// <summary>The largest groups; those that tie stand by value, the one without a value last.</summary>
    public RunGroups Result()
    {
        var all = groups.Select(pair => Group(pair.Key, pair.Value));
        if (without is not null)
            all = all.Append(Group(null, without));
        return new RunGroups(
            [
                .. all.OrderByDescending(group => group.Runs)
                    .ThenBy(group => group.Value is null)
                    .ThenBy(group => group.Value, StringComparer.Ordinal)
                    .Take(GroupLimit),
            ],
            groups.Count + (without is null ? 0 : 1)
        );
    }

    private Sums Of(string value, int metrics)
    {
        ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, value, out _);
        return group ??= new Sums(metrics);
    }

    private RunGroup Group(string? value, Sums sums) =>
        new(
            value,
            sums.Runs,
            metricKeys
                .Zip(sums.Metrics)
                .Where(metric => metric.Second.Count > 0)
                .ToDictionary(metric => metric.First, metric => metric.Second.Summary())
        );

    private sealed class Sums(int metrics)
    {
        public int Runs { get; set; }

        public Sum[] Metrics { get; } = new Sum[metrics];
    }

    private struct Sum
    {
        private double total;
        private double lowest;
        private double highest;

        public int Count { get; private set; }

        public void Add(double value)
        {
            if (double.IsNaN(value))
                return;
            (lowest, highest) = Count == 0 ? (value, value) : (Math.Min(lowest, value), Math.Max(highest, value));
            total += value;
            Count++;
        }

        public readonly MetricSummary Summary() => new(Count, total / Count, lowest, highest);
    }
}
