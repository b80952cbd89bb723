using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Evaluation.Actions;

/// <summary>Filters and orders evaluation datasets, all of which are at hand: there are dozens of them, not millions.</summary>
internal sealed class EvaluationDatasetSearch
{
    private readonly EvaluationDatasetQuery query;
    private readonly Predicate<EvaluationDataset> matches;
    private readonly List<Comparison<EvaluationDataset>> order;

    /// <summary>Refuses a query that cannot be answered, before anything is read.</summary>
    public EvaluationDatasetSearch(EvaluationDatasetQuery query)
    {
        this.query = query;
        matches = Compile(query.Filter);
        order = [.. query.Order.Select(Ordered)];
        if (order.Count == 0)
            order.Add((a, b) => b.CreatedMs.CompareTo(a.CreatedMs));
        order.Add((a, b) => b.Number.CompareTo(a.Number));
    }

    public EvaluationDatasetPage Find(IEnumerable<EvaluationDataset> datasets)
    {
        var found = datasets
            .Where(d => query.ExperimentIds.Count == 0 || d.ExperimentIds.Intersect(query.ExperimentIds).Any())
            .Where(d => matches(d))
            .ToList();
        found.Sort((a, b) => order.Select(compare => compare(a, b)).FirstOrDefault(result => result != 0));
        var page = found.Skip(query.Offset).Take(query.Limit).ToList();
        var next = query.Offset + page.Count;
        return new EvaluationDatasetPage(page, next < found.Count ? next : null);
    }

    private static Comparison<EvaluationDataset> Ordered(OrderBy item)
    {
        Comparison<EvaluationDataset> compare = Attribute(item.Field) switch
        {
            "name" => (a, b) => string.CompareOrdinal(a.Name, b.Name),
            "created_time" => (a, b) => a.CreatedMs.CompareTo(b.CreatedMs),
            "last_update_time" => (a, b) => a.UpdatedMs.CompareTo(b.UpdatedMs),
            _ => throw UnknownField(item.Field),
        };
        return item.Ascending ? compare : (a, b) => compare(b, a);
    }

    private static Predicate<EvaluationDataset> Compile(Filter filter)
    {
        switch (filter)
        {
            case Filter.All all:
                var every = all.Parts.Select(Compile).ToArray();
                return d => Array.TrueForAll(every, part => part(d));
            case Filter.Any any:
                var some = any.Parts.Select(Compile).ToArray();
                return d => Array.Exists(some, part => part(d));
            case Filter.Not not:
                var inner = Compile(not.Part);
                return d => !inner(d);
            default:
                return Compile((Filter.Comparison)filter);
        }
    }

    private static Predicate<EvaluationDataset> Compile(Filter.Comparison comparison)
    {
        if (comparison.Field.Entity is "tag" or "tags")
            return Text(comparison, d => d.Tags.GetValueOrDefault(comparison.Field.Key));
        return Attribute(comparison.Field) switch
        {
            "name" => Text(comparison, d => d.Name),
            "created_by" => Text(comparison, d => d.CreatedBy),
            "last_updated_by" => Text(comparison, d => d.UpdatedBy),
            "created_time" => Time(comparison, d => d.CreatedMs),
            "last_update_time" => Time(comparison, d => d.UpdatedMs),
            _ => throw UnknownField(comparison.Field),
        };
    }

    private static Predicate<EvaluationDataset> Text(
        Filter.Comparison comparison,
        Func<EvaluationDataset, string?> field
    )
    {
        switch (comparison.Operator)
        {
            case FilterOperator.IsNull:
                return d => field(d) is null;
            case FilterOperator.IsNotNull:
                return d => field(d) is not null;
            default:
                var holds = TextCondition.Of(comparison);
                return d => field(d) is { } text && holds(text);
        }
    }

    private static Predicate<EvaluationDataset> Time(Filter.Comparison comparison, Func<EvaluationDataset, long> field)
    {
        var holds = NumberCondition.Of(comparison);
        return d => holds(field(d));
    }

    private static string Attribute(FilterField field) =>
        field.Entity is null or "attribute" or "attributes" or "dataset" ? field.Key : throw UnknownField(field);

    private static Fault UnknownField(FilterField field) =>
        Fault.Invalid(
            "evaluation.search_field",
            $"Invalid attribute key '{field}' specified. Valid keys are name, created_time, last_update_time, created_by, last_updated_by and tags.",
            "filter"
        );
}
