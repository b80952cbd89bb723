using System.Runtime.InteropServices;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>
/// Which names the runs of an experiment used. It looks at the runs that changed last, which an index leads to: who
/// chooses columns wants today's names, and the answer takes no longer in an experiment with a million runs.
/// </summary>
internal sealed class FieldStore(MetricNames names)
{
    private const int RunLimit = 2000;

    public ExperimentFields Find(Tx tx, long experimentId)
    {
        var runs = 0;
        Dictionary<string, int> parameters = [];
        Dictionary<string, int> tags = [];
        tx.Each(
            "select params, tags from tracking_runs where experiment_id = @experiment_id order by changed desc limit @limit",
            r =>
            {
                runs++;
                Count(parameters, Documents.ReadTexts(r.Text(0)).Keys);
                Count(tags, Documents.ReadTexts(r.Text(1)).Keys);
            },
            ("experiment_id", experimentId),
            ("limit", RunLimit)
        );
        return new ExperimentFields(runs, Metrics(tx, experimentId), Sorted(parameters), Sorted(tags));
    }

    private List<FieldCount> Metrics(Tx tx, long experimentId)
    {
        Dictionary<long, int> counts = [];
        tx.Each(
            "select points from tracking_latest where experiment_id = @experiment_id order by changed desc limit @limit",
            r => Count(counts, LatestBlock.Decode(r.Bytes(0)).Standings.Select(standing => standing.Key)),
            ("experiment_id", experimentId),
            ("limit", RunLimit)
        );
        return Sorted(counts.ToDictionary(pair => names.NameOf(tx, pair.Key), pair => pair.Value));
    }

    private static void Count<T>(Dictionary<T, int> counts, IEnumerable<T> keys)
        where T : notnull
    {
        foreach (var key in keys)
            CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _)++;
    }

    private static List<FieldCount> Sorted(Dictionary<string, int> counts) =>
        [
            .. counts
                .Select(pair => new FieldCount(pair.Key, pair.Value))
                .OrderBy(field => field.Key, StringComparer.Ordinal),
        ];
}
