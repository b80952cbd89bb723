using Slipway.Foundation.Filters;

namespace Slipway.Tracking.Storage;

/// <summary>Turns a filter into a condition on the rows of an experiment's columns.</summary>
internal static class RunCondition
{
    public static RowCondition Of(RunColumns columns, Filter filter) =>
        filter switch
        {
            Filter.All all => AllOf([.. all.Parts.Select(part => Of(columns, part))]),
            Filter.Any any => AnyOf([.. any.Parts.Select(part => Of(columns, part))]),
            Filter.Not not => NotOf(Of(columns, not.Part)),
            _ => Of(columns, (Filter.Comparison)filter),
        };

    private static RowCondition AllOf(RowCondition[] parts) =>
        (first, rows) =>
        {
            foreach (var part in parts)
                part(first, rows);
        };

    private static RowCondition AnyOf(RowCondition[] parts) =>
        (first, rows) =>
        {
            Span<bool> found = stackalloc bool[rows.Length];
            Span<bool> holds = stackalloc bool[rows.Length];
            foreach (var part in parts)
            {
                rows.CopyTo(holds);
                part(first, holds);
                for (var i = 0; i < found.Length; i++)
                    found[i] |= holds[i];
            }
            found.CopyTo(rows);
        };

    private static RowCondition NotOf(RowCondition part) =>
        (first, rows) =>
        {
            Span<bool> holds = stackalloc bool[rows.Length];
            rows.CopyTo(holds);
            part(first, holds);
            for (var i = 0; i < holds.Length; i++)
                rows[i] &= !holds[i];
        };

    private static RowCondition Of(RunColumns columns, Filter.Comparison comparison) =>
        columns.Column(RunField.Of(comparison.Field)) switch
        {
            NumberColumn column when comparison.Value is FilterValue.Number number => column.Where(
                comparison.Operator,
                number.Value
            ),
            NumberColumn column => column.Where(OneOf(comparison)),
            TextsColumn column => column.Where(TextCondition.Of(comparison)),
            TextColumn column when comparison.Value is FilterValue.Absent => column.WhereMissing(
                comparison.Operator == FilterOperator.IsNull
            ),
            var column => ((TextColumn)column).Where(TextCondition.Of(comparison)),
        };

    private static Func<double, bool> OneOf(Filter.Comparison comparison)
    {
        var values = ((FilterValue.Items)comparison.Value)
            .Values.Select(v => ((FilterValue.Number)v).Value)
            .ToHashSet();
        return comparison.Operator == FilterOperator.In
            ? value => !double.IsNaN(value) && values.Contains(value)
            : value => !double.IsNaN(value) && !values.Contains(value);
    }
}
