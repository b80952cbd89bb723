using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

/// <summary>Versions as their rows have them: without aliases. Deleted ones are as if they were not there.</summary>
internal static class VersionStore
{
    public const string Columns =
        "v.model_no, m.name, v.version, v.description, v.stage, v.source, v.artifact_uri, v.run_id, v.run_link, "
        + "v.logged_model_id, v.created_by, v.created_ms, v.updated_ms, v.tags, v.place, v.files, v.digest";

    /// <summary>Of each model and each stage the first and the last version.</summary>
    private const string Ends =
        "with stages (stage) as (values (0), (1), (2), (3)), ends as (select m.model_no, m.name, "
        + "(select max(n.version) from registry_versions n where n.model_no = m.model_no and n.stage = s.stage and n.deleted_ms is null) as newest, "
        + "(select min(n.version) from registry_versions n where n.model_no = m.model_no and n.stage = s.stage and n.deleted_ms is null) as oldest "
        + "from registry_models m cross join stages s where ";

    public static ModelVersion? Find(Tx tx, string workspace, string modelName, int number) =>
        tx.One(
            $"select {Columns} from registry_versions v join registry_models m on m.model_no = v.model_no "
                + "where m.workspace = @workspace and m.name = @name and v.version = @version and v.deleted_ms is null",
            Read,
            ("workspace", workspace),
            ("name", modelName),
            ("version", number)
        );

    public static ModelVersion? FindByAlias(Tx tx, string workspace, string modelName, string alias) =>
        tx.One(
            $"select {Columns} from registry_models m join registry_aliases a on a.model_no = m.model_no "
                + "join registry_versions v on v.model_no = a.model_no and v.version = a.version "
                + "where m.workspace = @workspace and m.name = @name and a.alias = @alias and v.deleted_ms is null",
            Read,
            ("workspace", workspace),
            ("name", modelName),
            ("alias", alias)
        );

    /// <summary>A version whose files lie beneath the folder, in it, or around it: at one of the places above.</summary>
    public static (string? Model, int Version) FindAt(Tx tx, string folder, IReadOnlyCollection<string> above) =>
        tx.One(
            "select m.name, v.version from registry_versions v join registry_models m on m.model_no = v.model_no "
                + $"where v.deleted_ms is null and ((v.place >= @first and v.place < @end) or {tx.Dialect.AnyOf("v.place", "above")}) "
                + "order by v.model_no, v.version limit 1",
            r => ((string?)r.Text(0), r.Int(1)),
            ("first", folder + "/"),
            // The letter after the slash: what begins with the folder and a slash comes before it.
            ("end", folder + "0"),
            ("above", tx.Dialect.List(above))
        );

    /// <summary>A model's newest version.</summary>
    public static ModelVersion? Newest(Tx tx, RegisteredModel model) =>
        tx.One(
            $"select {Columns} from registry_versions v join registry_models m on m.model_no = v.model_no "
                + "where v.model_no = @model_no and v.deleted_ms is null order by v.version desc limit 1",
            Read,
            ("model_no", model.Number)
        );

    /// <summary>Of each of the models the newest version of each stage, the stage that was reached first in front.</summary>
    public static ILookup<long, ModelVersion> NewestOfStages(Tx tx, IReadOnlyCollection<long> models) =>
        tx.Many(
                $"{Ends} {tx.Dialect.AnyOf("m.model_no", "numbers")}) select {Columns} from ends m "
                    + "join registry_versions v on v.model_no = m.model_no and v.version = m.newest order by m.oldest",
                Read,
                ("numbers", tx.Dialect.List(models))
            )
            .ToLookup(version => version.ModelNumber);

    /// <summary>The other versions of the model that are in the stage.</summary>
    public static List<ModelVersion> OthersInStage(Tx tx, ModelVersion than, Stage stage) =>
        tx.Many(
            $"select {Columns} from registry_versions v join registry_models m on m.model_no = v.model_no "
                + "where v.model_no = @model_no and v.stage = @stage and v.version <> @version and v.deleted_ms is null order by v.version",
            Read,
            ("model_no", than.ModelNumber),
            ("stage", (int)stage),
            ("version", than.Number)
        );

    public static void Insert(Tx tx, ModelVersion version) =>
        tx.Execute(
            "insert into registry_versions (model_no, version, description, stage, source, artifact_uri, run_id, run_link, "
                + "logged_model_id, created_by, created_ms, updated_ms, prompt, tags, place, files, digest) "
                + "values (@model_no, @version, @description, @stage, @source, @artifact_uri, @run_id, @run_link, "
                + "@logged_model_id, @created_by, @created_ms, @updated_ms, @prompt, @tags, @place, @files, @digest)",
            ("model_no", version.ModelNumber),
            ("version", version.Number),
            ("description", version.Description),
            ("stage", (int)version.Stage),
            ("source", version.Source),
            ("artifact_uri", version.ArtifactUri),
            ("run_id", version.RunId),
            ("run_link", version.RunLink),
            ("logged_model_id", version.LoggedModelId),
            ("created_by", version.CreatedBy),
            ("created_ms", version.CreatedMs),
            ("updated_ms", version.UpdatedMs),
            ("prompt", version.IsOfPrompt ? 1 : 0),
            ("tags", Documents.Write(version.Tags)),
            ("place", version.Place),
            ("files", (int)version.FilesState),
            ("digest", version.Digest)
        );

    public static void Update(Tx tx, ModelVersion version) =>
        tx.Execute(
            "update registry_versions set description = @description, stage = @stage, updated_ms = @updated_ms, prompt = @prompt, tags = @tags "
                + "where model_no = @model_no and version = @version",
            ("description", version.Description),
            ("stage", (int)version.Stage),
            ("updated_ms", version.UpdatedMs),
            ("prompt", version.IsOfPrompt ? 1 : 0),
            ("tags", Documents.Write(version.Tags)),
            ("model_no", version.ModelNumber),
            ("version", version.Number)
        );

    public static void UpdateTimeOfAll(Tx tx, long model, long nowMs) =>
        tx.Execute(
            "update registry_versions set updated_ms = @now_ms where model_no = @model_no and deleted_ms is null",
            ("now_ms", nowMs),
            ("model_no", model)
        );

    public static void Delete(Tx tx, ModelVersion version, long nowMs) =>
        tx.Execute(
            "update registry_versions set deleted_ms = @now_ms where model_no = @model_no and version = @version",
            ("now_ms", nowMs),
            ("model_no", version.ModelNumber),
            ("version", version.Number)
        );

    public static ModelVersion Read(Row r) =>
        new()
        {
            ModelNumber = r.Long(0),
            ModelName = r.Text(1),
            Number = r.Int(2),
            Description = r.TextOrNull(3),
            Stage = (Stage)r.Int(4),
            Source = r.Text(5),
            ArtifactUri = r.Text(6),
            RunId = r.Text(7),
            RunLink = r.Text(8),
            LoggedModelId = r.Text(9),
            CreatedBy = r.Text(10),
            CreatedMs = r.Long(11),
            UpdatedMs = r.Long(12),
            Tags = Documents.ReadTexts(r.Text(13)),
            Place = r.TextOrNull(14),
            FilesState = (FilesState)r.Int(15),
            Digest = r.TextOrNull(16),
        };
}
