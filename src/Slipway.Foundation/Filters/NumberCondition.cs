using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

/// <summary>A comparison of a number as a function; none holds for NaN.</summary>
public static class NumberCondition
{
    public static Predicate<double> Of(Filter.Comparison comparison)
    {
        if (comparison.Value is FilterValue.Items items && items.Values.All(v => v is FilterValue.Number))
        {
            var wanted = items.Values.Select(v => ((FilterValue.Number)v).Value).ToHashSet();
            return comparison.Operator == FilterOperator.In
                ? wanted.Contains
                : value => !double.IsNaN(value) && !wanted.Contains(value);
        }
        if (comparison.Value is not FilterValue.Number { Value: var limit })
            throw Unfit(comparison);
        return comparison.Operator switch
        {
            FilterOperator.Equal => value => value == limit,
            FilterOperator.NotEqual => value => !double.IsNaN(value) && value != limit,
            FilterOperator.Less => value => value < limit,
            FilterOperator.LessOrEqual => value => value <= limit,
            FilterOperator.Greater => value => value > limit,
            FilterOperator.GreaterOrEqual => value => value >= limit,
            _ => throw Unfit(comparison),
        };
    }

    private static Fault Unfit(Filter.Comparison comparison) =>
        Fault.Invalid(
            "filter.number_comparison",
            $"Invalid comparison of '{comparison.Field}' at position {comparison.Position}: a number is compared with =, !=, <, <=, >, >=, IN or NOT IN and a number without quotes.",
            "filter"
        );
}
