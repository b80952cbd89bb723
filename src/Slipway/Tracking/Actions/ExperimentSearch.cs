using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracking.Actions;

/// <summary>Filters and orders experiments, all of which are at hand: there are hundreds of them, not millions.</summary>
internal static class ExperimentSearch
{
    public static ExperimentPage Find(IReadOnlyList<Experiment> all, ExperimentQuery query)
    {
        var matches = Compile(query.Filter);
        foreach (var item in query.Order)
            CheckOrder(item.Field);
        var found = all.Where(e => InView(e, query.View) && matches(e)).ToList();
        found.Sort((a, b) => Compare(a, b, query.Order));
        var page = found.Skip(query.Offset).Take(query.Limit).ToList();
        var next = query.Offset + page.Count;
        return new ExperimentPage(page, found.Count, next < found.Count ? next : null);
    }

    private static bool InView(Experiment experiment, View view) =>
        view == View.All || experiment.Lifecycle == (view == View.ActiveOnly ? Lifecycle.Active : Lifecycle.Deleted);

    private static int Compare(Experiment a, Experiment b, IReadOnlyList<OrderBy> order)
    {
        foreach (var item in order)
        {
            var byField = item.Field.Key switch
            {
                "name" => string.CompareOrdinal(a.Name, b.Name),
                "experiment_id" => a.Id.CompareTo(b.Id),
                "creation_time" => a.CreatedMs.CompareTo(b.CreatedMs),
                _ => a.UpdatedMs.CompareTo(b.UpdatedMs),
            };
            if (byField != 0)
                return item.Ascending ? byField : -byField;
        }
        var byAge = b.CreatedMs.CompareTo(a.CreatedMs);
        return byAge != 0 && order.Count == 0 ? byAge : b.Id.CompareTo(a.Id);
    }

    private static void CheckOrder(FilterField field)
    {
        if (Attribute(field) is not ("name" or "experiment_id" or "creation_time" or "last_update_time"))
            throw UnknownField(field);
    }

    private static Predicate<Experiment> Compile(Filter filter)
    {
        switch (filter)
        {
            case Filter.All all:
                var every = all.Parts.Select(Compile).ToArray();
                return e => Array.TrueForAll(every, part => part(e));
            case Filter.Any any:
                var some = any.Parts.Select(Compile).ToArray();
                return e => Array.Exists(some, part => part(e));
            case Filter.Not not:
                var inner = Compile(not.Part);
                return e => !inner(e);
            default:
                return Compile((Filter.Comparison)filter);
        }
    }

    private static Predicate<Experiment> Compile(Filter.Comparison comparison)
    {
        if (comparison.Field.Entity is "tag" or "tags")
            return TagCondition(comparison);
        return Attribute(comparison.Field) switch
        {
            "name" => TextOf(comparison, e => e.Name),
            "creation_time" => NumberOf(comparison, e => e.CreatedMs),
            "last_update_time" => NumberOf(comparison, e => e.UpdatedMs),
            _ => throw UnknownField(comparison.Field),
        };
    }

    private static Predicate<Experiment> TagCondition(Filter.Comparison comparison)
    {
        var key = comparison.Field.Key;
        switch (comparison.Operator)
        {
            case FilterOperator.IsNull:
                return e => !e.Tags.ContainsKey(key);
            case FilterOperator.IsNotNull:
                return e => e.Tags.ContainsKey(key);
            default:
                var holds = Text(comparison);
                return e => e.Tags.TryGetValue(key, out var value) && holds(value);
        }
    }

    private static Predicate<Experiment> TextOf(Filter.Comparison comparison, Func<Experiment, string> field)
    {
        var holds = Text(comparison);
        return e => holds(field(e));
    }

    private static Predicate<string> Text(Filter.Comparison comparison)
    {
        RunFieldRules.Check(new RunField(RunFieldKind.Attribute, "run_name"), comparison);
        return TextCondition.Of(comparison);
    }

    private static Predicate<Experiment> NumberOf(Filter.Comparison comparison, Func<Experiment, long> field)
    {
        RunFieldRules.Check(new RunField(RunFieldKind.Attribute, "start_time"), comparison);
        var holds = NumberCondition.Of(comparison);
        return e => holds(field(e));
    }

    private static string Attribute(FilterField field) =>
        field.Entity is null or "attribute" or "attributes" or "attr" or "experiment"
            ? field.Key
            : throw UnknownField(field);

    private static Fault UnknownField(FilterField field) =>
        Fault.Invalid(
            "experiment.search_field",
            $"Invalid attribute key '{field}'. Valid keys are name, creation_time, last_update_time and tags, and experiment_id to order by.",
            "filter"
        );
}
