namespace Slipway.Foundation.Filters;

/// <summary>
/// The right side of a comparison, twice: as SQL on a column, and as a function of a value. Where the databases cannot
/// decide it alike (patterns), the SQL lets through more than the function does, never less.
/// </summary>
public abstract class ValueTest
{
    /// <summary>Whether the SQL lets through exactly what the function does.</summary>
    public virtual bool IsExact => true;

    /// <summary>True of whatever is there, so that the value does not matter.</summary>
    public virtual bool IsPresence => false;

    /// <summary>Whether numbers are tested, and not texts.</summary>
    public virtual bool IsOfNumbers => false;

    public abstract string Sql(string column, SqlArguments arguments);

    public virtual bool Holds(string text) => false;

    public virtual bool Holds(double number) => false;

    public static ValueTest Of(Filter.Comparison comparison) =>
        (comparison.Operator, comparison.Value) switch
        {
            (FilterOperator.IsNull or FilterOperator.IsNotNull, _) => new Presence(),
            (FilterOperator.In or FilterOperator.NotIn, FilterValue.Items items) => new OneOf(
                items,
                comparison.Operator == FilterOperator.In
            ),
            (FilterOperator.Like or FilterOperator.ILike, FilterValue.Text text) => new Like(
                text.Value,
                comparison.Operator == FilterOperator.ILike
            ),
            (FilterOperator.RLike, FilterValue.Text text) => new RLike(text.Value),
            (_, FilterValue.Text text) => new EqualText(text.Value, comparison.Operator == FilterOperator.Equal),
            (_, FilterValue.Number number) => new Compared(number, comparison.Operator),
            _ => throw new InvalidOperationException("The field's rules let through a comparison that has no test."),
        };

    private sealed class Presence : ValueTest
    {
        public override bool IsPresence => true;

        public override string Sql(string column, SqlArguments arguments) => "1 = 1";

        public override bool Holds(string text) => true;

        public override bool Holds(double number) => true;
    }

    private sealed class EqualText(string wanted, bool equal) : ValueTest
    {
        public override string Sql(string column, SqlArguments arguments) =>
            $"{column} {(equal ? "=" : "<>")} {arguments.Add(wanted)}";

        public override bool Holds(string text) => text == wanted == equal;
    }

    private sealed class OneOf : ValueTest
    {
        private readonly HashSet<string> texts;
        private readonly HashSet<double> numbers;
        private readonly bool included;

        public OneOf(FilterValue.Items items, bool included)
        {
            texts = [.. items.Values.OfType<FilterValue.Text>().Select(v => v.Value)];
            numbers = [.. items.Values.OfType<FilterValue.Number>().Select(v => v.Value)];
            this.included = included;
        }

        public override bool IsOfNumbers => numbers.Count > 0;

        public override string Sql(string column, SqlArguments arguments)
        {
            var condition = IsOfNumbers ? arguments.AnyOf(column, numbers) : arguments.AnyOf(column, texts);
            return included ? condition : $"not ({condition})";
        }

        public override bool Holds(string text) => texts.Contains(text) == included;

        public override bool Holds(double number) => numbers.Contains(number) == included;
    }

    private sealed class Compared(FilterValue.Number wanted, FilterOperator kind) : ValueTest
    {
        public override bool IsOfNumbers => true;

        /// <summary>A whole number is bound as one, so that an index on a column of whole numbers serves.</summary>
        public override string Sql(string column, SqlArguments arguments)
        {
            object value = wanted.Whole is { } whole ? whole : wanted.Value;
            return $"{column} {(kind == FilterOperator.NotEqual ? "<>" : kind.Symbol())} {arguments.Add(value)}";
        }

        public override bool Holds(double number) =>
            kind switch
            {
                FilterOperator.Equal => number == wanted.Value,
                FilterOperator.NotEqual => number != wanted.Value,
                FilterOperator.Less => number < wanted.Value,
                FilterOperator.LessOrEqual => number <= wanted.Value,
                FilterOperator.Greater => number > wanted.Value,
                _ => number >= wanted.Value,
            };
    }

    private sealed class Like(string pattern, bool ignoreCase) : ValueTest
    {
        private readonly LikePattern compiled = LikePattern.Compile(pattern, ignoreCase);

        public override bool IsExact => false;

        /// <summary>Both databases agree on LIKE for ASCII in lower case; what they may read otherwise becomes a wildcard.</summary>
        public override string Sql(string column, SqlArguments arguments) =>
            $"lower({column}) like {arguments.Add(Loosened())}";

        public override bool Holds(string text) => compiled.Matches(text);

        private string Loosened()
        {
            var loose = new System.Text.StringBuilder();
            foreach (var rune in pattern.EnumerateRunes())
                _ = rune.Value is '\\' or > 127
                    ? loose.Append('%')
                    : loose.Append(char.ToLowerInvariant((char)rune.Value));
            return loose.ToString();
        }
    }

    private sealed class RLike(string pattern) : ValueTest
    {
        private readonly RLikePattern compiled = RLikePattern.Compile(pattern);

        public override bool IsExact => false;

        public override string Sql(string column, SqlArguments arguments) => "1 = 1";

        public override bool Holds(string text) => compiled.Matches(text);
    }
}
