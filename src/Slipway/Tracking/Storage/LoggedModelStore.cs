using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>Logged models as their rows have them; those in the bin are found only where that is said.</summary>
internal static class LoggedModelStore
{
    private const string Columns =
        "m.model_no, m.model_id, m.experiment_id, m.name, m.model_type, m.source_run_id, m.artifact_uri, m.status, m.created_ms, m.updated_ms, m.params, m.tags";

    /// <summary>The model of this id whose experiment lies in the workspace.</summary>
    public static LoggedModel? Find(Tx tx, string workspace, string id) =>
        tx.One(
            $"select {Columns} from tracking_models m join tracking_experiments e on e.experiment_id = m.experiment_id "
                + "where m.model_id = @model_id and e.workspace = @workspace and m.deleted_ms is null",
            Read,
            ("model_id", id),
            ("workspace", workspace)
        );

    /// <summary>The model, in the bin or not, locked until the transaction ends; and whether it is in the bin.</summary>
    public static (LoggedModel Model, bool Deleted)? FindForUpdate(Tx tx, string workspace, string id) =>
        tx.One(
            $"select {Columns}, m.deleted_ms from tracking_models m where m.model_id = @model_id and exists (select 1 from tracking_experiments e "
                + $"where e.experiment_id = m.experiment_id and e.workspace = @workspace) {tx.Dialect.Locks.Row}",
            r => ((LoggedModel, bool)?)(Read(r), r.LongOrNull(12) is not null),
            ("model_id", id),
            ("workspace", workspace)
        );

    /// <summary>Whether any workspace has the model; those in the bin since a time left out where one is given.</summary>
    public static bool Stands(Tx tx, string id, long? binnedMs) =>
        tx.One(
            "select 1 from tracking_models where model_id = @model_id and (deleted_ms is null or deleted_ms > @binned_ms)",
            r => r.Long(0),
            ("model_id", id),
            ("binned_ms", binnedMs ?? long.MinValue)
        ) == 1;

    public static List<LoggedModel> OfExperiments(Tx tx, IReadOnlyCollection<long> experimentIds) =>
        tx.Many(
            $"select {Columns} from tracking_models m where {tx.Dialect.AnyOf("m.experiment_id", "experiment_ids")} and m.deleted_ms is null",
            Read,
            ("experiment_ids", tx.Dialect.List(experimentIds))
        );

    public static void Insert(Tx tx, LoggedModel model) =>
        tx.Execute(
            "insert into tracking_models (model_no, model_id, experiment_id, name, model_type, source_run_id, artifact_uri, status, created_ms, updated_ms, params, tags) "
                + "values (@model_no, @model_id, @experiment_id, @name, @model_type, @source_run_id, @artifact_uri, @status, @created_ms, @updated_ms, @params, @tags)",
            ("model_no", model.Number),
            ("model_id", model.Id),
            ("experiment_id", model.ExperimentId),
            ("name", model.Name),
            ("model_type", model.Type),
            ("source_run_id", model.SourceRunId),
            ("artifact_uri", model.ArtifactUri),
            ("status", (int)model.Status),
            ("created_ms", model.CreatedMs),
            ("updated_ms", model.UpdatedMs),
            ("params", Documents.Write(new Dictionary<string, string>(model.Params))),
            ("tags", Documents.Write(new Dictionary<string, string>(model.Tags)))
        );

    public static void Update(Tx tx, LoggedModel model) =>
        tx.Execute(
            "update tracking_models set status = @status, updated_ms = @updated_ms, params = @params, tags = @tags where model_no = @model_no",
            ("status", (int)model.Status),
            ("updated_ms", model.UpdatedMs),
            ("params", Documents.Write(new Dictionary<string, string>(model.Params))),
            ("tags", Documents.Write(new Dictionary<string, string>(model.Tags))),
            ("model_no", model.Number)
        );

    public static void UpdateArtifactUri(Tx tx, long number, string uri) =>
        tx.Execute(
            "update tracking_models set artifact_uri = @artifact_uri where model_no = @model_no",
            ("artifact_uri", uri),
            ("model_no", number)
        );

    public static void Delete(Tx tx, long number, long nowMs) =>
        tx.Execute(
            "update tracking_models set updated_ms = @now_ms, deleted_ms = @now_ms where model_no = @model_no",
            ("now_ms", nowMs),
            ("model_no", number)
        );

    /// <summary>The numbers of an experiment's models, in the bin or not.</summary>
    public static List<long> NumbersOf(Tx tx, long experimentId) =>
        tx.Many(
            "select model_no from tracking_models where experiment_id = @experiment_id",
            r => r.Long(0),
            ("experiment_id", experimentId)
        );

    /// <summary>An experiment's models that went into the bin at this time or before.</summary>
    public static List<LoggedModel> DeletedBefore(Tx tx, long experimentId, long beforeMs) =>
        tx.Many(
            $"select {Columns} from tracking_models m where m.experiment_id = @experiment_id and m.deleted_ms <= @before_ms",
            Read,
            ("experiment_id", experimentId),
            ("before_ms", beforeMs)
        );

    /// <summary>Removes a model for good, with what was measured on it.</summary>
    public static void Purge(Tx tx, long number)
    {
        ModelSeriesStore.DeleteOfModel(tx, number);
        tx.Execute("delete from tracking_models where model_no = @model_no", ("model_no", number));
    }

    private static LoggedModel Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Id = r.Text(1),
            ExperimentId = r.Long(2),
            Name = r.Text(3),
            Type = r.Text(4),
            SourceRunId = r.Text(5),
            ArtifactUri = r.Text(6),
            Status = (LoggedModelStatus)r.Int(7),
            CreatedMs = r.Long(8),
            UpdatedMs = r.Long(9),
            Params = Documents.ReadTexts(r.Text(10)),
            Tags = Documents.ReadTexts(r.Text(11)),
        };
}
