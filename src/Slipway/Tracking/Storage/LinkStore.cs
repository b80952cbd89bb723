using Slipway.Foundation.Basics;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>Datasets that runs name: their long texts once per experiment, and what a run links to in its own row.</summary>
internal static class LinkStore
{
    private const string NoContext = "";

    public static RunLinks Open(Tx tx, string document)
    {
        var links = Documents.ReadLinks(document);
        var texts = ReadDatasets(tx, [.. links.Datasets.Select(d => d.Number)]);
        return new RunLinks
        {
            Datasets = [.. links.Datasets.Select(d => new DatasetInput(texts[d.Number], d.Tags))],
            ModelInputs = links.ModelInputs,
            ModelOutputs = links.ModelOutputs,
        };
    }

    public static void AddDataset(Tx tx, RowNumbers numbers, long experimentId, LinksDocument links, DatasetInput input)
    {
        if (links.Datasets.Any(d => d.Name == input.Dataset.Name && d.Digest == input.Dataset.Digest))
            return;
        var number = Ensure(tx, numbers, experimentId, input.Dataset);
        links.Datasets.Add(new LinkedDataset(number, input.Dataset.Name, input.Dataset.Digest, [.. input.Tags]));
        tx.Execute(
            "insert into tracking_dataset_uses (dataset_no, context) values (@dataset_no, @context) on conflict (dataset_no, context) do nothing",
            ("dataset_no", number),
            ("context", input.Tags.FirstOrDefault(tag => tag.Key == DatasetInput.ContextTag).Value ?? NoContext)
        );
    }

    /// <summary>The datasets that runs of these experiments used, once for each context.</summary>
    public static List<DatasetSummary> Summaries(Tx tx, IReadOnlyCollection<long> experimentIds, int limit) =>
        tx.Many(
            "select d.experiment_id, d.name, d.digest, u.context from tracking_datasets d join tracking_dataset_uses u on u.dataset_no = d.dataset_no "
                + $"where {tx.Dialect.AnyOf("d.experiment_id", "experiment_ids")} order by d.dataset_no, u.context limit @limit",
            r => new DatasetSummary(r.Long(0), r.Text(1), r.Text(2), r.Text(3) == NoContext ? null : r.Text(3)),
            ("experiment_ids", tx.Dialect.List(experimentIds)),
            ("limit", limit)
        );

    private static long Ensure(Tx tx, RowNumbers numbers, long experimentId, RunDataset dataset)
    {
        tx.Execute(
            "insert into tracking_datasets (dataset_no, experiment_id, name, digest, source_type, source, schema, profile) "
                + "values (@dataset_no, @experiment_id, @name, @digest, @source_type, @source, @schema, @profile) "
                + "on conflict (experiment_id, name, digest) do nothing",
            ("dataset_no", numbers.Next()),
            ("experiment_id", experimentId),
            ("name", dataset.Name),
            ("digest", dataset.Digest),
            ("source_type", dataset.SourceType),
            ("source", dataset.Source),
            ("schema", dataset.Schema),
            ("profile", dataset.Profile)
        );
        return tx.One(
            "select dataset_no from tracking_datasets where experiment_id = @experiment_id and name = @name and digest = @digest",
            r => r.Long(0),
            ("experiment_id", experimentId),
            ("name", dataset.Name),
            ("digest", dataset.Digest)
        );
    }

    private static Dictionary<long, RunDataset> ReadDatasets(Tx tx, IReadOnlyCollection<long> numbers) =>
        numbers.Count == 0
            ? []
            : tx.Many(
                    $"select dataset_no, name, digest, source_type, source, schema, profile from tracking_datasets where {tx.Dialect.AnyOf("dataset_no", "numbers")}",
                    r =>
                        (
                            Number: r.Long(0),
                            Dataset: new RunDataset(r.Text(1), r.Text(2), r.Text(3), r.Text(4))
                            {
                                Schema = r.TextOrNull(5),
                                Profile = r.TextOrNull(6),
                            }
                        ),
                    ("numbers", tx.Dialect.List(numbers))
                )
                .ToDictionary(d => d.Number, d => d.Dataset);
}
