using Slipway.Foundation.Filters;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Filters;

public sealed class MatchingTests
{
    [Theory]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    [InlineData("%", "", true)]
    [InlineData("a%", "abc", true)]
    [InlineData("%b%", "abc", true)]
    [InlineData("%c", "abc", true)]
    [InlineData("a_c", "abc", true)]
    [InlineData("a_c", "ac", false)]
    [InlineData("%a_c%d", "xxabcyyd", true)]
    [InlineData("ab%ba", "aba", false)]
    [InlineData("A%", "abc", false)]
    [InlineData("a\\%", "a\\b", true)]
    [InlineData("%\U0001F600_%\U0001F600", "x\U0001F600\U0001F680\U0001F600", true)]
    [InlineData("x_x", "x\U0001F600x", true)]
    [InlineData("%_", "\U0001F600", true)]
    [InlineData("__", "\U0001F600", false)]
    public void A_like_pattern_covers_the_whole_text(string pattern, string text, bool matches) =>
        Assert.Equal(matches, LikePattern.Compile(pattern, ignoreCase: false).Matches(text));

    [Fact]
    public void A_like_pattern_without_case_matches_both_cases()
    {
        Assert.True(LikePattern.Compile("%ÄPF_L%", ignoreCase: true).Matches("ein äpfel"));
        Assert.False(LikePattern.Compile("%ÄPF_L%", ignoreCase: false).Matches("ein äpfel"));
    }

    [Fact]
    public void A_like_pattern_made_to_be_slow_is_not()
    {
        var pattern = LikePattern.Compile(string.Concat(Enumerable.Repeat("%a_", 1000)) + "b", ignoreCase: false);
        Assert.False(pattern.Matches(new string('a', 100_000)));
    }

    [Theory]
    [InlineData("^Gen", "Generate", true)]
    [InlineData("us-(east|west)-[0-9]", "eu-us-west-1", true)]
    [InlineData("[0-9]{3}$", "req-12", false)]
    [InlineData("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab", false)]
    public void An_rlike_pattern_matches_anywhere(string pattern, string text, bool matches) =>
        Assert.Equal(matches, RLikePattern.Compile(pattern).Matches(text));

    [Theory]
    [InlineData("(")]
    [InlineData("(?=a)")]
    [InlineData("(a)\\1")]
    [InlineData("((a{1000}){1000}){1000}")]
    public void An_rlike_pattern_that_cannot_be_bounded_is_refused(string pattern) =>
        Assert.Equal("filter.pattern", Assert.Throws<Fault>(() => RLikePattern.Compile(pattern)).Code);

    [Theory]
    [InlineData("metrics.`a b` DESC", "metrics", "a b", false)]
    [InlineData("metrics.loss", "metrics", "loss", true)]
    [InlineData("start_time asc", null, "start_time", true)]
    [InlineData("\"Run name\" desc", null, "Run name", false)]
    [InlineData("tags.mlflow.user", "tags", "mlflow.user", true)]
    public void An_order_item_is_a_field_and_a_direction(string text, string? entity, string key, bool ascending) =>
        Assert.Equal(new OrderBy(new FilterField(entity, key), ascending), OrderBy.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("metrics.loss up")]
    [InlineData("timestamp DESC blah")]
    [InlineData("timestamp; drop table runs")]
    [InlineData("'timestamp'")]
    [InlineData("1 DESC")]
    [InlineData("(select 1)")]
    public void An_order_item_that_is_anything_else_is_refused(string text) =>
        Assert.Equal("order_by", Assert.Throws<Fault>(() => OrderBy.Parse(text)).Field);

    [Fact]
    public void A_page_token_gives_back_its_key()
    {
        var token = PageToken.After("traces", "17", null, "tr-ä");
        Assert.Equal(["17", null, "tr-ä"], PageToken.ReadKey(token, "traces", 3));
        Assert.Null(PageToken.ReadKey("", "traces", 3));
        Assert.Equal(40, PageToken.ReadOffset(PageToken.Offset("runs", 40), "runs"));
        Assert.Equal(0, PageToken.ReadOffset(null, "runs"));
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("eyJvZmZzZXQiOiAyfQ==")]
    [InlineData("WyJydW5zIiwiLTEiXQ")]
    [InlineData("WyJydW5zIiwiMWU5Il0")]
    [InlineData("WyJtb2RlbHMiLCIxIl0")]
    [InlineData("bnVsbA")]
    [InlineData("WyJydW5zIiwxXQ")]
    public void A_page_token_made_by_others_is_refused(string token) =>
        Assert.Equal("page.token", Assert.Throws<Fault>(() => PageToken.ReadOffset(token, "runs")).Code);
}
