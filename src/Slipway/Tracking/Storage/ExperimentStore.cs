using Slipway.Foundation.Sql;

namespace Slipway.Tracking.Storage;

internal static class ExperimentStore
{
    private const string Columns =
        "experiment_id, workspace, name, artifact_location, lifecycle, created_ms, updated_ms, tags";

    public static Experiment? Find(Tx tx, string workspace, long id) =>
        tx.One(
            $"select {Columns} from tracking_experiments where experiment_id = @id and workspace = @workspace",
            Read,
            ("id", id),
            ("workspace", workspace)
        );

    public static Experiment? FindByName(Tx tx, string workspace, string name) =>
        tx.One(
            $"select {Columns} from tracking_experiments where workspace = @workspace and name = @name",
            Read,
            ("workspace", workspace),
            ("name", name)
        );

    /// <summary>Whether any workspace has the experiment, in the bin or not; those in the bin since a time left out where one is given.</summary>
    public static bool Stands(Tx tx, long id, long? binnedMs) =>
        tx.One(
            "select 1 from tracking_experiments where experiment_id = @id and not (lifecycle = @deleted and updated_ms <= @binned_ms)",
            r => r.Long(0),
            ("id", id),
            ("deleted", (int)Lifecycle.Deleted),
            ("binned_ms", binnedMs ?? long.MinValue)
        ) == 1;

    public static List<Experiment> All(Tx tx, string workspace) =>
        tx.Many(
            $"select {Columns} from tracking_experiments where workspace = @workspace",
            Read,
            ("workspace", workspace)
        );

    /// <summary>The counters that numbers are given out from, where a store does not have them yet.</summary>
    public static void EnsureCounters(Tx tx) =>
        tx.Execute(
            "insert into tracking_counters (name, value) values ('experiment', 0), ('metric', 0) on conflict (name) do nothing"
        );

    /// <summary>The next number for an experiment; numbers of purged experiments are not given out again.</summary>
    public static long NextId(Tx tx)
    {
        while (true)
        {
            var id = tx.One(
                "update tracking_counters set value = value + 1 where name = 'experiment' returning value",
                r => r.Long(0)
            );
            // An experiment that was taken over from elsewhere brought its number along.
            if (!IsTaken(tx, id))
                return id;
        }
    }

    /// <summary>Whether an experiment of any workspace has the number.</summary>
    public static bool IsTaken(Tx tx, long id) =>
        tx.One("select 1 from tracking_experiments where experiment_id = @id", _ => true, ("id", id));

    public static string WorkspaceOf(Tx tx, long id) =>
        tx.One(
            "select workspace from tracking_experiments where experiment_id = @experiment_id",
            r => r.Text(0),
            ("experiment_id", id)
        )!;

    public static void Insert(Tx tx, Experiment experiment) =>
        tx.Execute(
            $"insert into tracking_experiments ({Columns}, purged) values (@id, @workspace, @name, @location, @lifecycle, @created_ms, @updated_ms, @tags, 0)",
            ("id", experiment.Id),
            ("workspace", experiment.Workspace),
            ("name", experiment.Name),
            ("location", experiment.ArtifactLocation),
            ("lifecycle", (int)experiment.Lifecycle),
            ("created_ms", experiment.CreatedMs),
            ("updated_ms", experiment.UpdatedMs),
            ("tags", Documents.Write(new Dictionary<string, string>(experiment.Tags)))
        );

    public static void Update(Tx tx, Experiment experiment) =>
        tx.Execute(
            "update tracking_experiments set name = @name, lifecycle = @lifecycle, updated_ms = @updated_ms, tags = @tags where experiment_id = @id",
            ("name", experiment.Name),
            ("lifecycle", (int)experiment.Lifecycle),
            ("updated_ms", experiment.UpdatedMs),
            ("tags", Documents.Write(new Dictionary<string, string>(experiment.Tags))),
            ("id", experiment.Id)
        );

    /// <summary>Says that runs of the experiment are gone for good, for whoever keeps a copy of them in memory.</summary>
    public static void MarkPurged(Tx tx, long id) =>
        tx.Execute(
            "update tracking_experiments set purged = @stamp where experiment_id = @id",
            ("stamp", tx.Stamp),
            ("id", id)
        );

    public static long PurgedStamp(Tx tx, long id) =>
        tx.One("select purged from tracking_experiments where experiment_id = @id", r => r.Long(0), ("id", id));

    public static void Delete(Tx tx, long id)
    {
        foreach (var model in LoggedModelStore.NumbersOf(tx, id))
            LoggedModelStore.Purge(tx, model);
        tx.Execute(
            "delete from tracking_dataset_uses where dataset_no in (select dataset_no from tracking_datasets where experiment_id = @id)",
            ("id", id)
        );
        tx.Execute("delete from tracking_datasets where experiment_id = @id", ("id", id));
        tx.Execute("delete from tracking_experiments where experiment_id = @id", ("id", id));
    }

    private static Experiment Read(Row r) =>
        new()
        {
            Id = r.Long(0),
            Workspace = r.Text(1),
            Name = r.Text(2),
            ArtifactLocation = r.Text(3),
            Lifecycle = (Lifecycle)r.Int(4),
            CreatedMs = r.Long(5),
            UpdatedMs = r.Long(6),
            Tags = Documents.ReadTexts(r.Text(7)),
        };
}
