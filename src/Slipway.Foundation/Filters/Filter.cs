using System.Globalization;
using System.Text;

namespace Slipway.Foundation.Filters;

/// <summary>
/// A search condition as its author wrote it: comparisons of named fields, joined by AND, OR and NOT. The grammar is
/// that of MLflow's search strings with OR, NOT, parentheses and IN added everywhere. Which fields exist and which
/// operators they take is decided by whoever searches; here every well-formed comparison is welcome.
/// </summary>
public abstract record Filter
{
    private Filter() { }

    /// <summary>True when every part is; the empty one is true of everything.</summary>
    public sealed record All(IReadOnlyList<Filter> Parts) : Filter;

    /// <summary>True when one of the parts is.</summary>
    public sealed record Any(IReadOnlyList<Filter> Parts) : Filter;

    public sealed record Not(Filter Part) : Filter;

    /// <summary>Position is that of the field's first character, counted from 1, for error messages.</summary>
    public sealed record Comparison(FilterField Field, FilterOperator Operator, FilterValue Value, int Position)
        : Filter;

    public static Filter Empty { get; } = new All([]);

    /// <summary>Whether the text asked for nothing, so that everything matches.</summary>
    public bool IsEmpty => this is All { Parts.Count: 0 };

    /// <summary>Reads a filter string; blank text is the empty filter, anything else outside the grammar a Fault.</summary>
    public static Filter Parse(string? text) =>
        string.IsNullOrWhiteSpace(text) ? Empty : new FilterParser(text).Parse();

    /// <summary>Every comparison, in the order written.</summary>
    public IEnumerable<Comparison> Comparisons() =>
        this switch
        {
            All all => all.Parts.SelectMany(part => part.Comparisons()),
            Any any => any.Parts.SelectMany(part => part.Comparisons()),
            Not not => not.Part.Comparisons(),
            _ => [(Comparison)this],
        };

    /// <summary>The filter in the grammar it was read from.</summary>
    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Print(text);
        return text.ToString();
    }

    private void Print(StringBuilder text)
    {
        switch (this)
        {
            case All all:
                PrintParts(text, all.Parts, " AND ");
                break;
            case Any any:
                PrintParts(text, any.Parts, " OR ");
                break;
            case Not not:
                text.Append("NOT (");
                not.Part.Print(text);
                text.Append(')');
                break;
            case Comparison comparison:
                text.Append(comparison.Field).Append(' ').Append(comparison.Operator.Symbol());
                if (comparison.Value is not FilterValue.Absent)
                    text.Append(' ').Append(comparison.Value);
                break;
        }
    }

    private static void PrintParts(StringBuilder text, IReadOnlyList<Filter> parts, string joint)
    {
        for (var i = 0; i < parts.Count; i++)
        {
            if (i > 0)
                text.Append(joint);
            if (parts[i] is All or Any)
            {
                text.Append('(');
                parts[i].Print(text);
                text.Append(')');
            }
            else
            {
                parts[i].Print(text);
            }
        }
    }
}

/// <summary>
/// A field as written: what stands before the first dot, if there is one, and the rest. Quoted parts keep the dots and
/// spaces inside them.
/// </summary>
public sealed record FilterField(string? Entity, string Key)
{
    public override string ToString() =>
        Entity is null ? Printed(Key, dots: false) : $"{Printed(Entity, dots: false)}.{Printed(Key, dots: true)}";

    private static string Printed(string name, bool dots)
    {
        var parts = dots ? name.Split('.') : [name];
        var plain = parts.All(part => part.Length > 0 && part.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'));
        // A name alone may not look like a keyword or a number.
        plain &= dots || !(char.IsAsciiDigit(name[0]) || FilterLexer.IsKeyword(name));
        return plain ? name : $"`{name.Replace("`", "``", StringComparison.Ordinal)}`";
    }
}

public enum FilterOperator
{
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Like,
    ILike,
    RLike,
    In,
    NotIn,
    IsNull,
    IsNotNull,
}

public static class FilterOperators
{
    /// <summary>The operator as it is written in a filter string.</summary>
    public static string Symbol(this FilterOperator self) =>
        self switch
        {
            FilterOperator.Equal => "=",
            FilterOperator.NotEqual => "!=",
            FilterOperator.Less => "<",
            FilterOperator.LessOrEqual => "<=",
            FilterOperator.Greater => ">",
            FilterOperator.GreaterOrEqual => ">=",
            FilterOperator.Like => "LIKE",
            FilterOperator.ILike => "ILIKE",
            FilterOperator.RLike => "RLIKE",
            FilterOperator.In => "IN",
            FilterOperator.NotIn => "NOT IN",
            FilterOperator.IsNull => "IS NULL",
            _ => "IS NOT NULL",
        };
}

/// <summary>What a field is compared with.</summary>
public abstract record FilterValue
{
    private FilterValue() { }

    /// <summary>The right side of IS NULL and IS NOT NULL, which have none.</summary>
    public sealed record Absent : FilterValue
    {
        public static Absent Instance { get; } = new();
    }

    public sealed record Text(string Value) : FilterValue;

    /// <summary>A number; where it is whole and fits, also as the exact whole number.</summary>
    public sealed record Number(double Value, long? Whole) : FilterValue;

    /// <summary>Texts and numbers in parentheses, at least one.</summary>
    public sealed record Items(IReadOnlyList<FilterValue> Values) : FilterValue;

    public sealed override string ToString() =>
        this switch
        {
            Text text => $"'{text.Value.Replace("'", "''", StringComparison.Ordinal)}'",
            Number { Whole: { } whole } => whole.ToString(CultureInfo.InvariantCulture),
            Number number => number.Value.ToString("R", CultureInfo.InvariantCulture),
            Items items => $"({string.Join(", ", items.Values)})",
            _ => "",
        };
}
