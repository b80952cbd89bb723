using Slipway.Foundation.Sql;

namespace Slipway.Evaluation.Storage;

internal static class EvaluationDatasetStore
{
    private const string Columns =
        "d.dataset_no, d.dataset_id, d.workspace, d.name, d.digest, d.created_ms, d.updated_ms, d.created_by, d.updated_by, d.tags, d.record_count, d.fields";

    public static EvaluationDataset? Find(Tx tx, string workspace, string id) =>
        WithExperiments(
            tx,
            tx.One(
                $"select {Columns} from evaluation_datasets d where d.dataset_id = @dataset_id and d.workspace = @workspace",
                Read,
                ("dataset_id", id),
                ("workspace", workspace)
            )
        );

    /// <summary>The dataset, locked until the transaction ends: it or its records are about to change.</summary>
    public static EvaluationDataset? FindForUpdate(Tx tx, string workspace, string id) =>
        WithExperiments(
            tx,
            tx.One(
                $"select {Columns} from evaluation_datasets d where d.dataset_id = @dataset_id and d.workspace = @workspace {tx.Dialect.Locks.Row}",
                Read,
                ("dataset_id", id),
                ("workspace", workspace)
            )
        );

    /// <summary>Whether any workspace has a dataset of this id.</summary>
    public static bool Exists(Tx tx, string id) =>
        tx.One("select 1 from evaluation_datasets where dataset_id = @dataset_id", r => r.Int(0), ("dataset_id", id))
        != 0;

    public static List<EvaluationDataset> All(Tx tx, string workspace)
    {
        var experiments = tx.Many(
                "select x.dataset_no, x.experiment_id from evaluation_dataset_experiments x join evaluation_datasets d on d.dataset_no = x.dataset_no "
                    + "where d.workspace = @workspace order by x.experiment_id",
                r => (Dataset: r.Long(0), Experiment: r.Long(1)),
                ("workspace", workspace)
            )
            .ToLookup(link => link.Dataset, link => link.Experiment);
        return tx.Many(
                $"select {Columns} from evaluation_datasets d where d.workspace = @workspace",
                Read,
                ("workspace", workspace)
            )
            .ConvertAll(dataset => dataset with { ExperimentIds = [.. experiments[dataset.Number]] });
    }

    public static void Insert(Tx tx, EvaluationDataset dataset)
    {
        tx.Execute(
            "insert into evaluation_datasets (dataset_no, dataset_id, workspace, name, digest, created_ms, updated_ms, created_by, updated_by, tags, record_count, fields) "
                + "values (@dataset_no, @dataset_id, @workspace, @name, @digest, @created_ms, @updated_ms, @created_by, @updated_by, @tags, @record_count, @fields)",
            ("dataset_no", dataset.Number),
            ("dataset_id", dataset.Id),
            ("workspace", dataset.Workspace),
            ("name", dataset.Name),
            ("digest", dataset.Digest),
            ("created_ms", dataset.CreatedMs),
            ("updated_ms", dataset.UpdatedMs),
            ("created_by", dataset.CreatedBy),
            ("updated_by", dataset.UpdatedBy),
            ("tags", Documents.Write(dataset.Tags)),
            ("record_count", dataset.RecordCount),
            ("fields", Documents.Write(dataset.Fields))
        );
        foreach (var experimentId in dataset.ExperimentIds)
            AddExperiment(tx, dataset.Number, experimentId);
    }

    public static void Update(Tx tx, EvaluationDataset dataset) =>
        tx.Execute(
            "update evaluation_datasets set digest = @digest, updated_ms = @updated_ms, updated_by = @updated_by, tags = @tags, "
                + "record_count = @record_count, fields = @fields where dataset_no = @dataset_no",
            ("digest", dataset.Digest),
            ("updated_ms", dataset.UpdatedMs),
            ("updated_by", dataset.UpdatedBy),
            ("tags", Documents.Write(dataset.Tags)),
            ("record_count", dataset.RecordCount),
            ("fields", Documents.Write(dataset.Fields)),
            ("dataset_no", dataset.Number)
        );

    public static void Delete(Tx tx, long number)
    {
        tx.Execute("delete from evaluation_records where dataset_no = @dataset_no", ("dataset_no", number));
        tx.Execute("delete from evaluation_dataset_experiments where dataset_no = @dataset_no", ("dataset_no", number));
        tx.Execute("delete from evaluation_datasets where dataset_no = @dataset_no", ("dataset_no", number));
    }

    public static void AddExperiment(Tx tx, long number, long experimentId) =>
        tx.Execute(
            "insert into evaluation_dataset_experiments (dataset_no, experiment_id) values (@dataset_no, @experiment_id) "
                + "on conflict (dataset_no, experiment_id) do nothing",
            ("dataset_no", number),
            ("experiment_id", experimentId)
        );

    public static void RemoveExperiment(Tx tx, long number, long experimentId) =>
        tx.Execute(
            "delete from evaluation_dataset_experiments where dataset_no = @dataset_no and experiment_id = @experiment_id",
            ("dataset_no", number),
            ("experiment_id", experimentId)
        );

    private static EvaluationDataset? WithExperiments(Tx tx, EvaluationDataset? dataset) =>
        dataset is null
            ? null
            : dataset with
            {
                ExperimentIds = tx.Many(
                    "select experiment_id from evaluation_dataset_experiments where dataset_no = @dataset_no order by experiment_id",
                    r => r.Long(0),
                    ("dataset_no", dataset.Number)
                ),
            };

    private static EvaluationDataset Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Id = r.Text(1),
            Workspace = r.Text(2),
            Name = r.Text(3),
            Digest = r.Text(4),
            CreatedMs = r.Long(5),
            UpdatedMs = r.Long(6),
            CreatedBy = r.TextOrNull(7),
            UpdatedBy = r.TextOrNull(8),
            Tags = Documents.ReadTexts(r.Text(9)),
            RecordCount = r.Long(10),
            Fields = Documents.ReadFields(r.TextOrNull(11)),
        };
}
