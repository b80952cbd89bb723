using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

/// <summary>Registered models as their rows have them: without aliases and versions.</summary>
internal static class ModelStore
{
    public const string Columns =
        "m.model_no, m.workspace, m.name, m.description, m.created_ms, m.updated_ms, m.version_count, m.tags";

    public static RegisteredModel? Find(Tx tx, string workspace, string name) =>
        tx.One(
            $"select {Columns} from registry_models m where m.workspace = @workspace and m.name = @name",
            Read,
            ("workspace", workspace),
            ("name", name)
        );

    /// <summary>The model, locked until the transaction ends: whatever happens to it and its versions waits its turn.</summary>
    public static RegisteredModel? FindForUpdate(Tx tx, string workspace, string name) =>
        tx.One(
            $"select {Columns} from registry_models m where m.workspace = @workspace and m.name = @name {tx.Dialect.Locks.Row}",
            Read,
            ("workspace", workspace),
            ("name", name)
        );

    public static RegisteredModel? FindForUpdate(Tx tx, long number) =>
        tx.One(
            $"select {Columns} from registry_models m where m.model_no = @model_no {tx.Dialect.Locks.Row}",
            Read,
            ("model_no", number)
        );

    public static void Insert(Tx tx, RegisteredModel model) =>
        tx.Execute(
            "insert into registry_models (model_no, workspace, name, description, prompt, created_ms, updated_ms, version_count, tags) "
                + "values (@model_no, @workspace, @name, @description, @prompt, @created_ms, @updated_ms, @version_count, @tags)",
            ("model_no", model.Number),
            ("workspace", model.Workspace),
            ("name", model.Name),
            ("description", model.Description),
            ("prompt", model.IsPrompt ? 1 : 0),
            ("created_ms", model.CreatedMs),
            ("updated_ms", model.UpdatedMs),
            ("version_count", model.VersionCount),
            ("tags", Documents.Write(model.Tags))
        );

    public static void Update(Tx tx, RegisteredModel model) =>
        tx.Execute(
            "update registry_models set name = @name, description = @description, prompt = @prompt, updated_ms = @updated_ms, "
                + "version_count = @version_count, tags = @tags where model_no = @model_no",
            ("name", model.Name),
            ("description", model.Description),
            ("prompt", model.IsPrompt ? 1 : 0),
            ("updated_ms", model.UpdatedMs),
            ("version_count", model.VersionCount),
            ("tags", Documents.Write(model.Tags)),
            ("model_no", model.Number)
        );

    /// <summary>Removes the model for good, with all that hangs on it.</summary>
    public static void Delete(Tx tx, long number)
    {
        foreach (var table in (ReadOnlySpan<string>)["documents", "files", "moves", "aliases", "versions", "models"])
            tx.Execute($"delete from registry_{table} where model_no = @model_no", ("model_no", number));
    }

    public static RegisteredModel Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Workspace = r.Text(1),
            Name = r.Text(2),
            Description = r.TextOrNull(3),
            CreatedMs = r.Long(4),
            UpdatedMs = r.Long(5),
            VersionCount = r.Int(6),
            Tags = Documents.ReadTexts(r.Text(7)),
        };
}
