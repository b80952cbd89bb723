using Slipway.Foundation.Filters;
using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

/// <summary>Finds registered models page by page, among those that may be seen; all where nothing says which.</summary>
internal sealed class ModelSearch(Tx tx, string workspace, Predicate<string>? isVisible, CancellationToken cancellation)
{
    private const string Changed = "m.updated_ms";

    /// <summary>The page, of models as their rows have them.</summary>
    public ModelPage Find(ModelQuery query)
    {
        var prompts = RegistryCondition.AsksPrompts(query.Filter);
        var condition = RegistryCondition.Of(query.Filter, RegistryField.OfModel, prompts);
        var order = OrderSql.Of(query.Order, Column, Ties(query.Order));
        var (found, next) = Blocks.Find(
            query.Offset,
            query.Limit,
            condition.IsExact && isVisible is null ? null : Holds,
            Candidates,
            cancellation
        );
        return new ModelPage(found, next);

        bool Holds(RegisteredModel model) =>
            isVisible?.Invoke(model.Name) != false && condition.Holds((field, test) => Has(model, field, test));

        List<RegisteredModel> Candidates(long offset, int limit)
        {
            var arguments = new SqlArguments(tx.Dialect);
            var sql =
                $"select {ModelStore.Columns} from registry_models m where m.workspace = {arguments.Add(workspace)} "
                + (prompts ? "" : "and m.prompt = 0 ")
                + $"and {condition.Sql(Column, arguments)} order by {order} "
                + $"limit {arguments.Add((long)limit)} offset {arguments.Add(offset)}";
            return tx.Many(sql, ModelStore.Read, arguments.Span);
        }
    }

    /// <summary>Models of the same millisecond follow each other as they were made.</summary>
    private static IReadOnlyList<string> Ties(IReadOnlyList<OrderBy> order) =>
        order is [.., var last] && RegistryField.Attribute(last.Field) is { } key && Column(key) == Changed
            ? [last.Ascending ? "m.model_no" : "m.model_no desc"]
            : ["m.name"];

    private static string Column(RegistryFieldKind kind) => kind == RegistryFieldKind.Tag ? "m.tags" : "m.name";

    private static string? Column(string key) =>
        key switch
        {
            "name" => "m.name",
            "timestamp" or "last_updated_timestamp" => Changed,
            _ => null,
        };

    private static bool Has(RegisteredModel model, RegistryField field, ValueTest test) =>
        field.Kind == RegistryFieldKind.Tag
            ? model.Tags.TryGetValue(field.Key, out var value) && test.Holds(value)
            : test.Holds(model.Name);
}
