using Slipway.Foundation.Filters;

namespace Slipway.Tracking.Storage;

/// <summary>A comparison of a number as a function; none holds for NaN.</summary>
internal static class NumberCondition
{
    public static Predicate<double> Of(Filter.Comparison comparison)
    {
        if (comparison.Value is FilterValue.Items items)
        {
            var wanted = items.Values.Select(v => ((FilterValue.Number)v).Value).ToHashSet();
            return comparison.Operator == FilterOperator.In
                ? wanted.Contains
                : value => !double.IsNaN(value) && !wanted.Contains(value);
        }
        var limit = ((FilterValue.Number)comparison.Value).Value;
        return comparison.Operator switch
        {
            FilterOperator.Equal => value => value == limit,
            FilterOperator.NotEqual => value => !double.IsNaN(value) && value != limit,
            FilterOperator.Less => value => value < limit,
            FilterOperator.LessOrEqual => value => value <= limit,
            FilterOperator.Greater => value => value > limit,
            _ => value => value >= limit,
        };
    }
}
