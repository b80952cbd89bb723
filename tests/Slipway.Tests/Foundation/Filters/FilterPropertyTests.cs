using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Filters;

public sealed class FilterPropertyTests
{
    private static readonly Gen<string> Words = Gen.Elements(
        "a",
        "metrics",
        "AND",
        "or",
        "`x y`",
        "q\"uo'te",
        "a.b",
        "ü\U0001F600",
        "1",
        " ",
        "''"
    );

    private static readonly Gen<FilterValue> Scalars = Gen.OneOf(
        Words.Select(word => (FilterValue)new FilterValue.Text(word)),
        Gen.Choose(-1000, 1000).Select(n => (FilterValue)new FilterValue.Number(n, n)),
        Gen.Choose(1, 1000).Select(n => (FilterValue)new FilterValue.Number(n + 0.25, null))
    );

    private static readonly Gen<Filter> Comparisons =
        from entity in Gen.OneOf(Gen.Constant<string?>(null), Words.Select(string? (w) => w))
        from key in Words
        from choice in Gen.Choose(0, 12)
        from value in Scalars
        from others in Scalars.ListOf()
        select (Filter)
            new Filter.Comparison(
                new FilterField(entity, key),
                (FilterOperator)choice,
                (FilterOperator)choice switch
                {
                    FilterOperator.IsNull or FilterOperator.IsNotNull => FilterValue.Absent.Instance,
                    FilterOperator.In or FilterOperator.NotIn => new FilterValue.Items([value, .. others]),
                    _ => value,
                },
                1
            );

    [Fact]
    public void A_printed_filter_reads_back_as_the_same_filter() =>
        Prop.ForAll(Filters(4).ToArbitrary(), filter => Filter.Parse(filter.ToString()).ToString() == filter.ToString())
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Any_text_is_read_or_refused_with_a_fault() =>
        Prop.ForAll(
                Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Soup()).ToArbitrary(),
                text =>
                {
                    try
                    {
                        Filter.Parse(text);
                        return true;
                    }
                    catch (Fault fault)
                    {
                        return fault.Kind == FaultKind.Invalid && fault.Field == "filter";
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    [Fact]
    public void Any_order_item_is_read_or_refused_with_a_fault() =>
        Prop.ForAll(
                Gen.OneOf(ArbMap.Default.GeneratorFor<string>(), Soup()).ToArbitrary(),
                text => Reads(() => OrderBy.Parse(text ?? ""))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    [Fact]
    public void Any_page_token_is_read_or_refused_with_a_fault() =>
        Prop.ForAll(ArbMap.Default.ArbFor<string>(), text => Reads(() => PageToken.ReadKey(text, "runs", 2)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs));

    [Fact]
    public void A_like_pattern_matches_what_its_definition_says() =>
        Prop.ForAll(
                Gen.Elements('a', 'b', 'A', '%', '_').ArrayOf().ToArbitrary(),
                Gen.Elements('a', 'b', 'A').ArrayOf().ToArbitrary(),
                (pattern, text) =>
                    LikePattern.Compile(new string(pattern), ignoreCase: false).Matches(text) == Defined(pattern, text)
                    && LikePattern.Compile(new string(pattern), ignoreCase: true).Matches(text)
                        == Defined(Lower(pattern), Lower(text))
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Runs * 5));

    [Fact]
    public void The_time_to_read_grows_with_the_length_alone()
    {
        // Each text is close to the length limit and built to punish look-ahead, back-tracking or repeated copying.
        string[] texts =
        [
            new('(', 999_999),
            new('\'', 999_999),
            new('`', 999_999),
            "a = " + new string('9', 999_990),
            "a = '" + new string('%', 999_990) + "'",
            string.Concat(Enumerable.Repeat("a.", 499_999)),
            string.Concat(Enumerable.Repeat("NOT ", 249_999)),
            new(' ', 999_999),
        ];
        foreach (var text in texts)
        {
            var started = Stopwatch.GetTimestamp();
            Reads(() => Filter.Parse(text));
            Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(5), text[..20]);
        }
    }

    private static int Runs => Environment.GetEnvironmentVariable("SLIPWAY_TEST_LONG") == "1" ? 100_000 : 2000;

    private static Gen<Filter> Filters(int depth) =>
        depth == 0
            ? Comparisons
            : Gen.OneOf(
                Comparisons,
                Filters(depth - 1).Select(part => (Filter)new Filter.Not(part)),
                Filters(depth - 1).Two().Select(two => (Filter)new Filter.All([two.Item1, two.Item2])),
                Filters(depth - 1).Two().Select(two => (Filter)new Filter.Any([two.Item1, two.Item2]))
            );

    /// <summary>Texts made of the grammar's own pieces in any order get further into the parser than random ones.</summary>
    private static Gen<string> Soup() =>
        Gen.Elements("a", "a.b", "=", "!=", "<", "'x'", "\"y\"", "`z`", "(", ")", ",", "1", "-2e3", "AND", "OR", "NOT")
            .Or(Gen.Elements("IN", "IS", "NULL", "LIKE", " ", ".", "'", "`", "\"", "\ud83d", "\0", "DESC", ";", "%"))
            .ListOf()
            .Select(pieces => string.Join(' ', pieces));

    private static bool Reads(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (Fault fault)
        {
            return fault.Kind == FaultKind.Invalid;
        }
    }

    private static char[] Lower(char[] text) => [.. text.Select(char.ToLowerInvariant)];

    private static bool Defined(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        var reached = new bool[text.Length + 1];
        reached[0] = true;
        foreach (var c in pattern)
        {
            var next = new bool[text.Length + 1];
            for (var i = 0; i <= text.Length; i++)
                next[i] =
                    c == '%'
                        ? reached[i] || (i > 0 && next[i - 1])
                        : i > 0 && reached[i - 1] && (c == '_' || c == text[i - 1]);
            reached = next;
        }
        return reached[text.Length];
    }
}
