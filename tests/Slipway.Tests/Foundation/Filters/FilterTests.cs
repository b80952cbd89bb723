using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Filters;

public sealed class FilterTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  \n\t ")]
    public void Blank_text_is_the_empty_filter(string? text) => Assert.True(Filter.Parse(text).IsEmpty);

    [Theory]
    [InlineData("metrics.loss < 0.5", "metrics.loss < 0.5")]
    [InlineData("metrics.loss>=-1e-1", "metrics.loss >= -0.1")]
    [InlineData("params.p!='7'", "params.p != '7'")]
    [InlineData("param.`a.b` LIKE 'x1%'", "param.a.b LIKE 'x1%'")]
    [InlineData("tags.mlflow.runName = 'r03'", "tags.mlflow.runName = 'r03'")]
    [InlineData("tags.\"with space\" ilike '%uote'", "tags.`with space` ILIKE '%uote'")]
    [InlineData("tags.`with space` = \"q'uote\"", "tags.`with space` = 'q''uote'")]
    [InlineData("`run name` = 'r05'", "`run name` = 'r05'")]
    [InlineData("\"run name\" = \"r05\"", "`run name` = 'r05'")]
    [InlineData("run_id NOT IN ('a' , \"b\")", "run_id NOT IN ('a', 'b')")]
    [InlineData("version in (1, 2.5)", "version IN (1, 2.5)")]
    [InlineData("tag.k is not null and tag.l IS NULL", "tag.k IS NOT NULL AND tag.l IS NULL")]
    [InlineData("trace.name RLIKE '^G'", "trace.name RLIKE '^G'")]
    [InlineData("a = 1 or b = 2 and c = 3", "a = 1 OR (b = 2 AND c = 3)")]
    [InlineData("(a = 1 or b = 2) and not c = 3", "(a = 1 OR b = 2) AND NOT (c = 3)")]
    [InlineData("((a = 1))", "a = 1")]
    [InlineData("a NOT LIKE 'x'", "NOT (a LIKE 'x')")]
    [InlineData("metrics.val-loss > 1 AND metrics.a/b > 1", "metrics.`val-loss` > 1 AND metrics.`a/b` > 1")]
    [InlineData("t > 1795190227364", "t > 1795190227364")]
    [InlineData("t > 1.0", "t > 1")]
    [InlineData("tags.größe = 'ä'", "tags.`größe` = 'ä'")]
    [InlineData("tags.t = 'v1' AND", "tags.t = 'v1'")]
    public void A_filter_is_read_as_written(string text, string meaning) =>
        Assert.Equal(meaning, Filter.Parse(text).ToString());

    [Fact]
    public void A_comparison_keeps_entity_key_value_and_place()
    {
        var filter = Assert.IsType<Filter.Comparison>(Filter.Parse("  tags.a.b = 'x'"));
        Assert.Equal(new FilterField("tags", "a.b"), filter.Field);
        Assert.Equal(FilterOperator.Equal, filter.Operator);
        Assert.Equal(new FilterValue.Text("x"), filter.Value);
        Assert.Equal(3, filter.Position);
    }

    [Fact]
    public void A_whole_number_keeps_every_digit() =>
        Assert.Equal(
            new FilterValue.Number(9007199254740993, 9007199254740993),
            Assert.IsType<Filter.Comparison>(Filter.Parse("a = 9007199254740993")).Value
        );

    [Theory]
    [InlineData("metrics.loss", 13)]
    [InlineData("metrics.loss <", 15)]
    [InlineData("metrics.loss == 1", 15)]
    [InlineData("status = FINISHED", 10)]
    [InlineData("a = 1 b = 2", 7)]
    [InlineData("(a = 1", 7)]
    [InlineData("a = 1)", 6)]
    [InlineData("a = 1 OR", 9)]
    [InlineData("AND a = 1", 1)]
    [InlineData("a IN ()", 7)]
    [InlineData("a IN ('x'", 10)]
    [InlineData("a IS 1", 6)]
    [InlineData("metrics.a > 1; DROP TABLE runs", 14)]
    [InlineData("a = 'x", 5)]
    [InlineData("a = 1 -- rest", 7)]
    [InlineData("a = /* x */ 1", 5)]
    [InlineData("a = \u2018x\u2019", 5)]
    [InlineData("a. = 1", 3)]
    [InlineData("tags.`` = 'x'", 6)]
    [InlineData("1st = 'x'", 1)]
    [InlineData("a = 1e999", 5)]
    [InlineData("lower(a) = 'x'", 6)]
    [InlineData("a = \0", 5)]
    public void What_is_not_in_the_grammar_is_refused_with_its_place(string text, int position)
    {
        var fault = Assert.Throws<Fault>(() => Filter.Parse(text));
        Assert.Equal(("filter.syntax", "filter", FaultKind.Invalid), (fault.Code, fault.Field, fault.Kind));
        Assert.Contains($"haracter {position} ", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_refused() =>
        Assert.Equal("filter.syntax", CodeOf("a = '" + new string('\ud800', 1) + "'"));

    [Fact]
    public void Hostile_sizes_are_refused()
    {
        Assert.Equal("filter.too_many", CodeOf(string.Join(" OR ", Enumerable.Repeat("a = 1", 10_000))));
        Assert.Equal("filter.too_deep", CodeOf(new string('(', 10_000) + "a = 1" + new string(')', 10_000)));
        Assert.Equal("filter.too_deep", CodeOf(string.Concat(Enumerable.Repeat("NOT ", 10_000)) + "a = 1"));
        Assert.Equal("filter.too_long", CodeOf("a = '" + new string('x', 1_000_000) + "'"));
        Assert.Equal("filter.too_many", CodeOf($"a IN ({string.Join(',', Enumerable.Repeat("1", 60_000))})"));
    }

    [Fact]
    public void The_deepest_and_longest_that_is_allowed_is_read()
    {
        var parts = string.Join(" OR ", Enumerable.Repeat("a = 1", 1000));
        var filter = Filter.Parse(new string('(', 100) + parts + new string(')', 100));
        Assert.Equal(1000, filter.Comparisons().Count());
    }

    private static string CodeOf(string text) => Assert.Throws<Fault>(() => Filter.Parse(text)).Code;
}
