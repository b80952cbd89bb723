using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tracking.Storage;

/// <summary>A comparison of a text as a function.</summary>
internal static class TextCondition
{
    public static Predicate<string> Of(Filter.Comparison comparison)
    {
        if (comparison.Value is FilterValue.Items items)
        {
            var wanted = items.Values.Select(v => ((FilterValue.Text)v).Value).ToHashSet(StringComparer.Ordinal);
            return comparison.Operator == FilterOperator.In ? wanted.Contains : text => !wanted.Contains(text);
        }
        var value = ((FilterValue.Text)comparison.Value).Value;
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
                throw Fault.Internal("run.search_operator", "A text has no such comparison.");
        }
    }
}
