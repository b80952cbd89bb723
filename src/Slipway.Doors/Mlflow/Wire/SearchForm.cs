using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// What filters and orders of one of MLflow's searches may say. The grammar of the house is richer: here it is narrowed to
/// what MLflow takes, with OR, parentheses, and IN for params and metrics added. A client that asks an MLflow server
/// for anything else is refused, so it is refused here.
/// </summary>
internal sealed class SearchForm
{
    private static readonly FilterOperator[] Lists = [FilterOperator.In, FilterOperator.NotIn];
    private static readonly FilterOperator[] Nulls = [FilterOperator.IsNull, FilterOperator.IsNotNull];
    private static readonly string[] Params = ["param", "params", "parameter", "parameters"];
    private static readonly string[] TraceLabels = ["tag", "tags", "metadata", "request_metadata"];
    private static readonly string[] Judgements = ["feedback", "expectation"];
    private static readonly string[] TraceNullKeys = ["name", "run_id", "prompt"];
    private static readonly string[] TraceListKeys = ["status", "request_id", "client_request_id"];

    /// <summary>What may stand before the dot of a field; null where the search itself decides.</summary>
    private string?[]? Entities { get; init; }

    /// <summary>What may stand before the dot in an order.</summary>
    private string?[]? OrderEntities { get; init; }

    /// <summary>Names of attributes that the house knows and MLflow does not.</summary>
    private string[] Unknown { get; init; } = [];

    private string[] UnknownInOrder { get; init; } = [];

    /// <summary>Whether a field is compared in a way that MLflow knows.</summary>
    private Func<Filter.Comparison, bool> Fits { get; init; } = _ => true;

    public static readonly SearchForm Experiments = new()
    {
        Entities = [null, "attribute", "tag", "tags"],
        OrderEntities = [null, "attribute"],
        Fits = comparison => !Takes(comparison, Lists) && (!Takes(comparison, Nulls) || IsTag(comparison.Field)),
    };

    public static readonly SearchForm Runs = new()
    {
        Fits = FitsRuns,
        UnknownInOrder = ["run name", "Run name", "Run Name"],
    };

    public static readonly SearchForm LoggedModels = new()
    {
        Entities = [null, "attributes", "metrics", "params", "tags"],
        OrderEntities = [null, "metrics"],
        Unknown = ["last_updated_time"],
        UnknownInOrder = ["last_updated_time"],
        Fits = comparison => !Takes(comparison, Nulls),
    };

    public static readonly SearchForm EvaluationDatasets = new()
    {
        Entities = [null, "tags"],
        OrderEntities = [null, "tags"],
        Fits = comparison => !Takes(comparison, Lists) && !Takes(comparison, Nulls),
    };

    public static readonly SearchForm Traces = new()
    {
        Entities = [null, "attribute", "attributes", "trace", "span", "issue", .. TraceLabels, .. Judgements],
        Unknown = ["state"],
        UnknownInOrder = ["state", "trace_id", "client_request_id"],
        Fits = FitsTraces,
    };

    public Filter ReadFilter(string? text)
    {
        if (text is { Length: > 0 } && string.IsNullOrWhiteSpace(text))
            throw Refused("Invalid filter: it is blank.", "filter");
        var filter = Filter.Parse(text);
        RefuseNot(filter);
        foreach (var comparison in filter.Comparisons())
            Check(comparison);
        return filter;
    }

    public IReadOnlyList<OrderBy> ReadOrder(IReadOnlyList<string> items)
    {
        var order = OrderBy.ParseAll(items);
        foreach (var item in order)
            CheckOrder(item.Field);
        return order;
    }

    public void CheckOrder(FilterField field) => CheckField(field, OrderEntities, UnknownInOrder, "order_by");

    private void Check(Filter.Comparison comparison)
    {
        CheckField(comparison.Field, Entities, Unknown, "filter");
        if (!Fits(comparison))
            throw Refused(
                $"Invalid comparator '{comparison.Operator.Symbol()}' for '{comparison.Field}' at character {comparison.Position}.",
                "filter"
            );
    }

    private static bool FitsRuns(Filter.Comparison comparison)
    {
        var field = comparison.Field;
        if (Takes(comparison, Nulls))
            return IsTag(field) || Params.Contains(field.Entity);
        return !Takes(comparison, Lists)
            || field.Entity is "metric" or "metrics" or "dataset" or "datasets"
            || Params.Contains(field.Entity)
            || (!IsTag(field) && field.Key == "run_id");
    }

    private static bool FitsTraces(Filter.Comparison comparison)
    {
        var field = comparison.Field;
        var isAttribute = field.Entity is null or "attribute" or "attributes" or "trace";
        if (Takes(comparison, Nulls))
            return !isAttribute || TraceNullKeys.Contains(field.Key);
        if (Takes(comparison, Lists))
            return field.Entity == "span" || (isAttribute && TraceListKeys.Contains(field.Key));
        return !Judgements.Contains(field.Entity) || comparison.Value is FilterValue.Text;
    }

    private static bool Takes(Filter.Comparison comparison, FilterOperator[] operators) =>
        operators.Contains(comparison.Operator);

    private static void CheckField(FilterField field, string?[]? entities, string[] unknown, string parameter)
    {
        if (entities is not null && !entities.Contains(field.Entity))
            throw Refused(
                $"Invalid entity type '{field.Entity}'. Valid entity types are {string.Join(", ", entities.OfType<string>())}.",
                parameter
            );
        if ((field.Entity is null or "attribute" or "attributes" or "trace") && unknown.Contains(field.Key))
            throw Refused($"Invalid attribute key '{field.Key}'.", parameter);
    }

    private static void RefuseNot(Filter filter)
    {
        switch (filter)
        {
            case Filter.Not:
                throw Refused("Invalid clause(s) in filter string: NOT.", "filter");
            case Filter.All all:
                foreach (var part in all.Parts)
                    RefuseNot(part);
                break;
            case Filter.Any any:
                foreach (var part in any.Parts)
                    RefuseNot(part);
                break;
        }
    }

    private static bool IsTag(FilterField field) => field.Entity is "tag" or "tags";

    private static Fault Refused(string why, string parameter) => Fault.Invalid("mlflow.search", why, parameter);
}
