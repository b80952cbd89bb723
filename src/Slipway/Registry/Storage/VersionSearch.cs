using Slipway.Foundation.Filters;
using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

/// <summary>Finds versions page by page, among those of models that may be seen; all where nothing says which.</summary>
internal sealed class VersionSearch(
    Tx tx,
    string workspace,
    Predicate<string>? isVisible,
    CancellationToken cancellation
)
{
    public VersionPage Find(VersionQuery query)
    {
        var prompts = query.ModelName is not null || RegistryCondition.AsksPrompts(query.Filter);
        var condition = RegistryCondition.Of(query.Filter, RegistryField.OfVersion, prompts);
        var order =
            query.Order.Count == 0
                ? "v.updated_ms desc, m.name, v.version desc"
                : OrderSql.Of(query.Order, Column, ["m.name", "v.version desc"]);
        var (found, next) = Blocks.Find(
            query.Offset,
            query.Limit,
            condition.IsExact && isVisible is null ? null : Holds,
            Candidates,
            cancellation
        );
        return new VersionPage(found, next);

        bool Holds(ModelVersion version) =>
            isVisible?.Invoke(version.ModelName) != false
            && condition.Holds((field, test) => Has(version, field, test));

        List<ModelVersion> Candidates(long offset, int limit)
        {
            var arguments = new SqlArguments(tx.Dialect);
            var sql =
                $"select {VersionStore.Columns} from registry_versions v join registry_models m on m.model_no = v.model_no "
                + $"where m.workspace = {arguments.Add(workspace)} and v.deleted_ms is null "
                + (
                    prompts
                        ? ""
                        : "and v.model_no not in (select p.model_no from registry_versions p where p.prompt = 1) "
                )
                + $"and {condition.Sql(Column, arguments)} order by {order} "
                + $"limit {arguments.Add((long)limit)} offset {arguments.Add(offset)}";
            return tx.Many(sql, VersionStore.Read, arguments.Span);
        }
    }

    private static string Column(RegistryFieldKind kind) =>
        kind switch
        {
            RegistryFieldKind.Name => "m.name",
            RegistryFieldKind.Version => "v.version",
            RegistryFieldKind.Run => "v.run_id",
            RegistryFieldKind.Source => "v.source",
            _ => "v.tags",
        };

    private static string? Column(string key) =>
        key switch
        {
            "name" => "m.name",
            "version_number" => "v.version",
            "creation_timestamp" => "v.created_ms",
            "last_updated_timestamp" => "v.updated_ms",
            _ => null,
        };

    private static bool Has(ModelVersion version, RegistryField field, ValueTest test) =>
        field.Kind switch
        {
            RegistryFieldKind.Name => test.Holds(version.ModelName),
            RegistryFieldKind.Version => test.Holds(version.Number),
            RegistryFieldKind.Run => test.Holds(version.RunId),
            RegistryFieldKind.Source => test.Holds(version.Source),
            _ => version.Tags.TryGetValue(field.Key, out var value) && test.Holds(value),
        };
}
