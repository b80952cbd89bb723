using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracking;

/// <summary>Which comparisons a field of runs takes, and which fields order them.</summary>
internal static class RunFieldRules
{
    /// <summary>Refuses a query whose filter or order cannot be answered, whichever experiments it covers.</summary>
    public static void Check(RunQuery query)
    {
        foreach (var comparison in query.Filter.Comparisons())
            Check(RunField.Of(comparison.Field), comparison);
        var ordered = new HashSet<RunField>();
        foreach (var item in query.Order)
        {
            var field = RunField.Of(item.Field);
            if (field.Kind == RunFieldKind.Dataset)
                throw Fault.Invalid("run.search_order", "Runs are not ordered by their datasets.", "order_by");
            if (!ordered.Add(field))
                throw Fault.Invalid(
                    "run.search_order",
                    $"`order_by` contains duplicate fields: '{item.Field}' stands there twice.",
                    "order_by"
                );
        }
    }

    public static void Check(RunField field, Filter.Comparison comparison)
    {
        if (field.IsNumber)
            CheckNumber(comparison);
        else
            CheckText(field, comparison);
    }

    private static void CheckNumber(Filter.Comparison comparison)
    {
        var fits = comparison.Operator switch
        {
            FilterOperator.In or FilterOperator.NotIn => comparison.Value is FilterValue.Items items
                && items.Values.All(v => v is FilterValue.Number),
            FilterOperator.Like
            or FilterOperator.ILike
            or FilterOperator.RLike
            or FilterOperator.IsNull
            or FilterOperator.IsNotNull => throw Refused(
                comparison,
                "A number is compared with =, !=, <, <=, >, >=, IN or NOT IN."
            ),
            _ => comparison.Value is FilterValue.Number,
        };
        if (!fits)
            throw Refused(comparison, "A number without quotes is wanted here.");
    }

    private static void CheckText(RunField field, Filter.Comparison comparison)
    {
        var fits = comparison.Operator switch
        {
            FilterOperator.IsNull or FilterOperator.IsNotNull => field.Kind is RunFieldKind.Param or RunFieldKind.Tag
                ? true
                : throw Refused(comparison, "IS NULL and IS NOT NULL are for parameters and tags."),
            FilterOperator.In or FilterOperator.NotIn => comparison.Value is FilterValue.Items items
                && items.Values.All(v => v is FilterValue.Text),
            FilterOperator.Equal or FilterOperator.NotEqual or FilterOperator.Like or FilterOperator.ILike =>
                comparison.Value is FilterValue.Text,
            _ => throw Refused(comparison, "A text is compared with =, !=, LIKE, ILIKE, IN or NOT IN."),
        };
        if (!fits)
            throw Refused(comparison, "A text in quotes is wanted here.");
    }

    private static Fault Refused(Filter.Comparison comparison, string why) =>
        Fault.Invalid(
            "run.search_comparison",
            $"Invalid comparison of '{comparison.Field}' with {comparison.Operator.Symbol()} at position {comparison.Position}. {why}",
            "filter"
        );
}
