using System.Runtime.InteropServices;
using Slipway.Foundation.Filters;

namespace Slipway.Tracking.Storage;

/// <summary>A value to sort by: texts and numbers in their order, then NaN, then rows without a value.</summary>
internal readonly record struct SortKey(byte Rank, double Number, string? Text)
{
    public static readonly SortKey Missing = new(2, 0, null);

    public int CompareTo(SortKey other, bool ascending)
    {
        if (Rank != other.Rank)
            return Rank.CompareTo(other.Rank);
        var order = Text is null ? Number.CompareTo(other.Number) : string.CompareOrdinal(Text, other.Text);
        return ascending ? order : -order;
    }
}

/// <summary>Takes away, from the rows of a block that begins at the first, those for which it does not hold.</summary>
internal delegate void RowCondition(int first, Span<bool> rows);

/// <summary>One field of all runs of an experiment, a row for each run.</summary>
internal abstract class RunColumn
{
    public abstract void AddRow();

    public abstract SortKey KeyOf(int row);
}

/// <summary>Numbers; a row may have none, and NaN is a value that no comparison is true of.</summary>
internal sealed class NumberColumn : RunColumn
{
    // A NaN of our own stands for "none", so that a column is one array.
    private static readonly double None = BitConverter.Int64BitsToDouble(unchecked((long)0xFFF8_0000_0000_0001));
    private readonly List<double> values = [];

    public ReadOnlySpan<double> Values => CollectionsMarshal.AsSpan(values);

    /// <summary>
    /// Which rows have a number that the condition holds for. A row without one holds a NaN, of which no comparison is
    /// true but "not equal", so conditions that hold for a NaN have to be wrapped.
    /// </summary>
    public RowCondition Where(Func<double, bool> condition) =>
        (first, rows) =>
        {
            var block = Values.Slice(first, rows.Length);
            for (var i = 0; i < block.Length; i++)
                rows[i] = rows[i] && condition(block[i]);
        };

    /// <summary>The plain comparisons, in loops without a call for each row.</summary>
    public RowCondition Where(FilterOperator comparison, double limit) =>
        comparison switch
        {
            FilterOperator.Less => (first, rows) =>
            {
                var block = Values.Slice(first, rows.Length);
                for (var i = 0; i < block.Length; i++)
                    rows[i] &= block[i] < limit;
            },
            FilterOperator.LessOrEqual => (first, rows) =>
            {
                var block = Values.Slice(first, rows.Length);
                for (var i = 0; i < block.Length; i++)
                    rows[i] &= block[i] <= limit;
            },
            FilterOperator.Greater => (first, rows) =>
            {
                var block = Values.Slice(first, rows.Length);
                for (var i = 0; i < block.Length; i++)
                    rows[i] &= block[i] > limit;
            },
            FilterOperator.GreaterOrEqual => (first, rows) =>
            {
                var block = Values.Slice(first, rows.Length);
                for (var i = 0; i < block.Length; i++)
                    rows[i] &= block[i] >= limit;
            },
            FilterOperator.Equal => Where(value => value == limit),
            _ => Where(value => !double.IsNaN(value) && value != limit),
        };

    public static bool IsMissing(double value) =>
        BitConverter.DoubleToInt64Bits(value) == BitConverter.DoubleToInt64Bits(None);

    public override void AddRow() => values.Add(None);

    public void Set(int row, double? value) => values[row] = value ?? None;

    public void Clear() => values.Clear();

    public override SortKey KeyOf(int row)
    {
        var value = values[row];
        return IsMissing(value) ? SortKey.Missing
            : double.IsNaN(value) ? new SortKey(1, 0, null)
            : new SortKey(0, value, null);
    }
}

/// <summary>Texts, each different one kept once; a condition is decided once for each of them, not for each run.</summary>
internal sealed class TextColumn : RunColumn
{
    private const int None = -1;
    private readonly List<int> codes = [];
    private readonly List<string> texts = [];
    private readonly Dictionary<string, int> codeOf = new(StringComparer.Ordinal);

    public override void AddRow() => codes.Add(None);

    public void Set(int row, string? text) => codes[row] = text is null ? None : Code(text);

    public override SortKey KeyOf(int row) =>
        codes[row] is var code and not None ? new SortKey(0, 0, texts[code]) : SortKey.Missing;

    /// <summary>Which rows have a text that the condition holds for.</summary>
    public RowCondition Where(Predicate<string> condition)
    {
        var holds = texts.ConvertAll(condition.Invoke).ToArray();
        return (first, rows) =>
        {
            var block = CollectionsMarshal.AsSpan(codes).Slice(first, rows.Length);
            for (var i = 0; i < block.Length; i++)
                rows[i] &= block[i] != None && holds[block[i]];
        };
    }

    public RowCondition WhereMissing(bool missing) =>
        (first, rows) =>
        {
            var block = CollectionsMarshal.AsSpan(codes).Slice(first, rows.Length);
            for (var i = 0; i < block.Length; i++)
                rows[i] &= block[i] == None == missing;
        };

    private int Code(string text)
    {
        ref var code = ref CollectionsMarshal.GetValueRefOrAddDefault(codeOf, text, out var known);
        if (!known)
        {
            code = texts.Count;
            texts.Add(text);
        }
        return code;
    }
}

/// <summary>Several texts a row, as a run may use several datasets; a condition holds when it holds for one of them.</summary>
internal sealed class TextsColumn : RunColumn
{
    private readonly List<string[]> rows = [];

    public override void AddRow() => rows.Add([]);

    public void Set(int row, string[] texts) => rows[row] = texts;

    public override SortKey KeyOf(int row) => rows[row] is [var first, ..] ? new SortKey(0, 0, first) : SortKey.Missing;

    public RowCondition Where(Predicate<string> condition) =>
        (first, mask) =>
        {
            for (var i = 0; i < mask.Length; i++)
                mask[i] = mask[i] && Array.Exists(rows[first + i], condition);
        };
}
