using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

/// <summary>Which version an alias means, and what aliases and stages did before.</summary>
internal static class AliasStore
{
    public static int? Find(Tx tx, long model, string alias) =>
        tx.One(
            "select version from registry_aliases where model_no = @model_no and alias = @alias",
            r => (int?)r.Int(0),
            ("model_no", model),
            ("alias", alias)
        );

    public static List<string> Of(Tx tx, ModelVersion version) =>
        tx.Many(
            "select alias from registry_aliases where model_no = @model_no and version = @version order by alias",
            r => r.Text(0),
            ("model_no", version.ModelNumber),
            ("version", version.Number)
        );

    public static ILookup<long, KeyValuePair<string, int>> OfModels(Tx tx, IReadOnlyCollection<long> models) =>
        tx.Many(
                $"select model_no, alias, version from registry_aliases where {tx.Dialect.AnyOf("model_no", "numbers")} order by alias",
                r => (Model: r.Long(0), Alias: KeyValuePair.Create(r.Text(1), r.Int(2))),
                ("numbers", tx.Dialect.List(models))
            )
            .ToLookup(row => row.Model, row => row.Alias);

    public static void Set(Tx tx, long model, string alias, int version) =>
        tx.Execute(
            "insert into registry_aliases (model_no, alias, version) values (@model_no, @alias, @version) "
                + "on conflict (model_no, alias) do update set version = excluded.version",
            ("model_no", model),
            ("alias", alias),
            ("version", version)
        );

    public static void Delete(Tx tx, long model, string alias) =>
        tx.Execute(
            "delete from registry_aliases where model_no = @model_no and alias = @alias",
            ("model_no", model),
            ("alias", alias)
        );

    /// <summary>Adds to the history of a model that this transaction has locked.</summary>
    public static void Note(Tx tx, long model, PastMove move)
    {
        var last = tx.One(
            "select coalesce(max(move_no), 0) from registry_moves where model_no = @model_no",
            r => r.Long(0),
            ("model_no", model)
        );
        tx.Execute(
            "insert into registry_moves (model_no, move_no, alias, from_version, to_version, from_stage, to_stage, actor, moved_ms) "
                + "values (@model_no, @move_no, @alias, @from_version, @to_version, @from_stage, @to_stage, @actor, @moved_ms)",
            ("model_no", model),
            ("move_no", last + 1),
            ("alias", move.Alias),
            ("from_version", move.FromVersion),
            ("to_version", move.ToVersion),
            ("from_stage", (int?)move.FromStage),
            ("to_stage", (int?)move.ToStage),
            ("actor", move.Actor),
            ("moved_ms", move.MovedMs)
        );
    }

    /// <summary>What became of the model's aliases and stages, the last in front.</summary>
    public static List<PastMove> Moves(Tx tx, long model, int limit) =>
        tx.Many(
            "select alias, from_version, to_version, from_stage, to_stage, actor, moved_ms from registry_moves "
                + "where model_no = @model_no order by move_no desc limit @limit",
            ReadMove,
            ("model_no", model),
            ("limit", limit)
        );

    /// <summary>What an alias did, the last in front.</summary>
    public static List<PastMove> MovesOf(Tx tx, long model, string alias, int limit) =>
        tx.Many(
            "select alias, from_version, to_version, from_stage, to_stage, actor, moved_ms from registry_moves "
                + "where model_no = @model_no and alias = @alias order by move_no desc limit @limit",
            ReadMove,
            ("model_no", model),
            ("alias", alias),
            ("limit", limit)
        );

    private static PastMove ReadMove(Row r) =>
        new()
        {
            Alias = r.TextOrNull(0),
            FromVersion = (int?)r.LongOrNull(1),
            ToVersion = (int?)r.LongOrNull(2),
            FromStage = (Stage?)r.LongOrNull(3),
            ToStage = (Stage?)r.LongOrNull(4),
            Actor = r.Text(5),
            MovedMs = r.Long(6),
        };
}
