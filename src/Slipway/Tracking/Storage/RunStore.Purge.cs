using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

/// <summary>Runs in numbers, on the move and on their way out.</summary>
internal static partial class RunStore
{
    /// <summary>Whether any workspace has a run of this id.</summary>
    public static bool Exists(Tx tx, string runId) =>
        tx.One("select 1 from tracking_runs where run_id = @run_id", r => r.Long(0), ("run_id", runId)) == 1;

    /// <summary>As <see cref="Exists"/>, those in the bin since a time left out where one is given.</summary>
    public static bool Stands(Tx tx, string runId, long? binnedMs) =>
        tx.One(
            "select 1 from tracking_runs where run_id = @run_id and not (lifecycle = @deleted and coalesce(deleted_ms, 0) <= @binned_ms)",
            r => r.Long(0),
            ("run_id", runId),
            ("deleted", (int)Lifecycle.Deleted),
            ("binned_ms", binnedMs ?? long.MinValue)
        ) == 1;

    public static List<RunRow> FindMany(Tx tx, string workspace, IReadOnlyCollection<string> runIds) =>
        tx.Many(
            $"select {Columns} from tracking_runs r join tracking_experiments e on e.experiment_id = r.experiment_id "
                + $"where {tx.Dialect.AnyOf("r.run_id", "ids")} and e.workspace = @workspace",
            ReadRow,
            ("ids", tx.Dialect.List(runIds)),
            ("workspace", workspace)
        );

    public static List<RunCount> Counts(Tx tx, long experimentId) =>
        tx.Many(
            "select lifecycle, status, count(*) from tracking_runs where experiment_id = @experiment_id group by lifecycle, status",
            r => new RunCount((Lifecycle)r.Int(0), (RunStatus)r.Int(1), r.Long(2)),
            ("experiment_id", experimentId)
        );

    public static List<RunHead> SomeOf(Tx tx, long experimentId, int limit) =>
        tx.Many(
            $"select {HeadColumns} from tracking_runs r where r.experiment_id = @experiment_id limit @limit",
            ReadHead,
            ("experiment_id", experimentId),
            ("limit", limit)
        );

    public static List<long> DeletedBefore(Tx tx, long experimentId, long beforeMs) =>
        tx.Many(
            "select run_no from tracking_runs where experiment_id = @experiment_id and lifecycle = @lifecycle and deleted_ms <= @before_ms",
            r => r.Long(0),
            ("experiment_id", experimentId),
            ("lifecycle", (int)Lifecycle.Deleted),
            ("before_ms", beforeMs)
        );

    public static void UpdateExperiment(Tx tx, long number, long experimentId, LinksDocument? links) =>
        tx.Execute(
            "update tracking_runs set experiment_id = @experiment_id, links = @links, changed = @changed where run_no = @run_no",
            ("experiment_id", experimentId),
            ("links", links is null ? null : Documents.Write(links)),
            ("changed", tx.Stamp),
            ("run_no", number)
        );

    public static void Delete(Tx tx, long number) =>
        tx.Execute("delete from tracking_runs where run_no = @run_no", ("run_no", number));
}
