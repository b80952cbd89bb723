using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>A run as its row has it; the documents are opened only by who needs them.</summary>
internal sealed record RunRow(RunHead Head, string Params, string Tags, string? Links);

internal static partial class RunStore
{
    private const string HeadColumns =
        "r.run_no, r.run_id, r.experiment_id, r.name, r.user_name, r.status, r.lifecycle, r.start_ms, r.end_ms, r.artifact_uri";

    private const string Columns = HeadColumns + ", r.params, r.tags, r.links";

    /// <summary>The run of this id whose experiment lies in the workspace.</summary>
    public static RunRow? Find(Tx tx, string workspace, string runId) =>
        tx.One(
            $"select {Columns} from tracking_runs r join tracking_experiments e on e.experiment_id = r.experiment_id "
                + "where r.run_id = @run_id and e.workspace = @workspace",
            ReadRow,
            ("run_id", runId),
            ("workspace", workspace)
        );

    /// <summary>The run, locked until the transaction ends: its rows are about to change.</summary>
    public static RunRow? FindForUpdate(Tx tx, string workspace, string runId) =>
        tx.One(
            $"select {Columns} from tracking_runs r where r.run_id = @run_id and exists (select 1 from tracking_experiments e "
                + $"where e.experiment_id = r.experiment_id and e.workspace = @workspace) {tx.Dialect.Locks.Row}",
            ReadRow,
            ("run_id", runId),
            ("workspace", workspace)
        );

    public static RunHead? FindHead(Tx tx, string workspace, string runId) =>
        tx.One(
            $"select {HeadColumns} from tracking_runs r join tracking_experiments e on e.experiment_id = r.experiment_id "
                + "where r.run_id = @run_id and e.workspace = @workspace",
            ReadHead,
            ("run_id", runId),
            ("workspace", workspace)
        );

    /// <summary>Whether a run of any workspace has the id.</summary>
    public static bool IsTaken(Tx tx, string runId) =>
        tx.One("select 1 from tracking_runs where run_id = @run_id", _ => true, ("run_id", runId));

    public static List<RunRow> ByNumbers(Tx tx, IReadOnlyCollection<long> numbers) =>
        tx.Many(
            $"select {Columns} from tracking_runs r where {tx.Dialect.AnyOf("r.run_no", "numbers")}",
            ReadRow,
            ("numbers", tx.Dialect.List(numbers))
        );

    public static void Insert(Tx tx, RunRow run) =>
        tx.Execute(
            "insert into tracking_runs (run_no, run_id, experiment_id, name, user_name, status, lifecycle, start_ms, end_ms, artifact_uri, params, tags, links, changed) "
                + "values (@run_no, @run_id, @experiment_id, @name, @user_name, @status, @lifecycle, @start_ms, @end_ms, @artifact_uri, @params, @tags, @links, @changed)",
            ("run_no", run.Head.Number),
            ("run_id", run.Head.Id),
            ("experiment_id", run.Head.ExperimentId),
            ("name", run.Head.Name),
            ("user_name", run.Head.User),
            ("status", (int)run.Head.Status),
            ("lifecycle", (int)run.Head.Lifecycle),
            ("start_ms", run.Head.StartMs),
            ("end_ms", run.Head.EndMs),
            ("artifact_uri", run.Head.ArtifactUri),
            ("params", run.Params),
            ("tags", run.Tags),
            ("links", run.Links),
            ("changed", tx.Stamp)
        );

    public static void UpdateHead(Tx tx, RunHead head) =>
        tx.Execute(
            "update tracking_runs set name = @name, status = @status, end_ms = @end_ms, changed = @changed where run_no = @run_no",
            ("name", head.Name),
            ("status", (int)head.Status),
            ("end_ms", head.EndMs),
            ("changed", tx.Stamp),
            ("run_no", head.Number)
        );

    public static void UpdateArtifactUri(Tx tx, long number, string uri) =>
        tx.Execute(
            "update tracking_runs set artifact_uri = @artifact_uri, changed = @changed where run_no = @run_no",
            ("artifact_uri", uri),
            ("changed", tx.Stamp),
            ("run_no", number)
        );

    public static void UpdateLifecycle(Tx tx, RunHead head, long? deletedMs) =>
        tx.Execute(
            "update tracking_runs set lifecycle = @lifecycle, deleted_ms = @deleted_ms, changed = @changed where run_no = @run_no",
            ("lifecycle", (int)head.Lifecycle),
            ("deleted_ms", deletedMs),
            ("changed", tx.Stamp),
            ("run_no", head.Number)
        );

    /// <summary>Moves all runs of an experiment into the bin, or those back that went there with it.</summary>
    public static void UpdateLifecycleOfAll(Tx tx, long experimentId, Lifecycle from, Lifecycle to, long? deletedMs) =>
        tx.Execute(
            "update tracking_runs set lifecycle = @to, deleted_ms = @deleted_ms, changed = @changed where experiment_id = @experiment_id and lifecycle = @from",
            ("to", (int)to),
            ("deleted_ms", deletedMs),
            ("changed", tx.Stamp),
            ("experiment_id", experimentId),
            ("from", (int)from)
        );

    public static void UpdateDocuments(Tx tx, long number, string name, string parameters, string tags) =>
        tx.Execute(
            "update tracking_runs set name = @name, params = @params, tags = @tags, changed = @changed where run_no = @run_no",
            ("name", name),
            ("params", parameters),
            ("tags", tags),
            ("changed", tx.Stamp),
            ("run_no", number)
        );

    public static void UpdateLinks(Tx tx, long number, LinksDocument links) =>
        tx.Execute(
            "update tracking_runs set links = @links, changed = @changed where run_no = @run_no",
            ("links", Documents.Write(links)),
            ("changed", tx.Stamp),
            ("run_no", number)
        );

    private static RunRow ReadRow(Row r) => new(ReadHead(r), r.Text(10), r.Text(11), r.TextOrNull(12));

    private static RunHead ReadHead(Row r) =>
        new()
        {
            Number = r.Long(0),
            Id = r.Text(1),
            ExperimentId = r.Long(2),
            Name = r.Text(3),
            User = r.Text(4),
            Status = (RunStatus)r.Int(5),
            Lifecycle = (Lifecycle)r.Int(6),
            StartMs = r.Long(7),
            EndMs = r.LongOrNull(8),
            ArtifactUri = r.Text(9),
        };
}
