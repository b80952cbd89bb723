using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

/// <summary>A comparison of a text as a function.</summary>
public static class TextCondition
{
    public static Predicate<string> Of(Filter.Comparison comparison)
    {
        if (comparison.Value is FilterValue.Items items && items.Values.All(v => v is FilterValue.Text))
        {
            var wanted = items.Values.Select(v => ((FilterValue.Text)v).Value).ToHashSet(StringComparer.Ordinal);
            return comparison.Operator == FilterOperator.In ? wanted.Contains : text => !wanted.Contains(text);
        }
        if (comparison.Value is not FilterValue.Text { Value: var value })
            throw Unfit(comparison);
        switch (comparison.Operator)
        {
            case FilterOperator.Equal:
                return text => text == value;
            case FilterOperator.NotEqual:
                return text => text != value;
            case FilterOperator.Like:
            case FilterOperator.ILike:
                var pattern = LikePattern.Compile(value, ignoreCase: comparison.Operator == FilterOperator.ILike);
                return text => pattern.Matches(text);
            default:
                throw Unfit(comparison);
        }
    }

    private static Fault Unfit(Filter.Comparison comparison) =>
        Fault.Invalid(
            "filter.text_comparison",
            $"Invalid comparison of '{comparison.Field}' at position {comparison.Position}: a text is compared with =, !=, LIKE, ILIKE, IN or NOT IN and a text in quotes.",
            "filter"
        );
}
