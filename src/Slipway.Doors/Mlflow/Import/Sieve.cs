using Slipway.Sdk;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// Lets through what the house takes and writes down the rest, thing by thing: one bad tag does not cost a run, and one
/// bad run not the import.
/// </summary>
internal sealed class Sieve(ImportLedger ledger)
{
    private readonly HashSet<string> goodKeys = [];

    public Run Pass(Run run)
    {
        var of = $"of run {run.Head.Id}";
        return run with
        {
            Params = Pass(run.Params, ledger.Params, "param", of),
            Tags = Pass(run.Tags, ledger.Tags, "tag", of),
            Links = run.Links with
            {
                Datasets =
                [
                    .. run.Links.Datasets.Where(input =>
                        Taken(ledger.Links, "dataset", $"{input.Dataset.Name} {of}", () => TrackingRules.Dataset(input))
                    ),
                ],
            },
        };
    }

    /// <summary>The texts whose keys are fit.</summary>
    public Dictionary<string, string> Pass(
        IReadOnlyDictionary<string, string> texts,
        ImportCount count,
        string kind,
        string of
    ) =>
        texts
            .Where(text => Taken(count, kind, $"{text.Key} {of}", () => TrackingRules.Key(text.Key, "key")))
            .ToDictionary();

    public IReadOnlyList<Metric> Pass(IReadOnlyList<Metric> points, string of)
    {
        // A key is looked at once: points come in series.
        var all = true;
        foreach (var metric in points)
            all &= IsGood(metric);
        return all ? points : [.. points.Where(metric => IsGood(metric) || Refused(metric, of))];
    }

    /// <summary>Whether a rule lets the thing pass.</summary>
    public bool Taken(ImportCount count, string kind, string example, Action rule)
    {
        try
        {
            rule();
            return true;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            ledger.Refuse(count, kind, fault.Message, example);
            return false;
        }
    }

    private bool IsGood(Metric metric) =>
        metric.Point.TimestampMs >= 0 && (goodKeys.Contains(metric.Key) || Learn(metric.Key));

    private bool Learn(string key)
    {
        try
        {
            TrackingRules.Key(key, "key");
            return goodKeys.Add(key);
        }
        catch (Fault)
        {
            return false;
        }
    }

    private bool Refused(Metric metric, string of) =>
        Taken(
            ledger.Points,
            "point",
            $"{metric.Key} {of}",
            () =>
            {
                TrackingRules.Key(metric.Key, "key");
                TrackingRules.Time(metric.Point.TimestampMs, "timestamp");
            }
        );
}
