using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Tests.Identity;

public sealed class PasswordHashTests
{
    [Fact]
    public void A_stored_password_matches_itself_alone_and_is_salted()
    {
        var stored = PasswordHash.Of("correct horse battery");
        Assert.True(PasswordHash.Matches(stored, "correct horse battery"));
        Assert.False(PasswordHash.Matches(stored, "correct horse batterz"));
        Assert.NotEqual(stored, PasswordHash.Of("correct horse battery"));
        Assert.StartsWith("pbkdf2-sha512$210000$", stored, StringComparison.Ordinal);
        Assert.DoesNotContain("horse", stored, StringComparison.Ordinal);
    }

    [Fact]
    public void No_password_matches_what_stands_for_an_unknown_user() =>
        Assert.False(PasswordHash.Matches(PasswordHash.Decoy, ""));

    [Theory]
    [InlineData("")]
    [InlineData("short")]
    [InlineData("elevenchars")]
    [InlineData("password1234")]
    [InlineData("PASSWORD1234")]
    [InlineData("aaaaaaaaaaaaaaaa")]
    [InlineData("abababababababab")]
    [InlineData("alice-of-the-ships")]
    public void A_password_that_anybody_would_try_is_refused(string password) =>
        Assert.Equal(
            "user.password",
            Assert.Throws<Fault>(() => IdentityRules.Password(password, "Alice-of-the-ships")).Code
        );

    [Fact]
    public void A_password_longer_than_anybody_types_is_refused() =>
        Assert.Throws<Fault>(() => IdentityRules.Password(string.Concat(Enumerable.Repeat("abcdefgh", 200)), "alice"));

    [Theory]
    [InlineData("93ef9981eb07")]
    [InlineData("correct horse battery")]
    public void Twelve_characters_that_are_not_notorious_are_enough(string password) =>
        IdentityRules.Password(password, "alice");

    [Theory]
    [InlineData("")]
    [InlineData(" alice")]
    [InlineData("alice\n")]
    [InlineData("al:ice")]
    [InlineData("al\0ice")]
    public void A_name_that_cannot_be_sent_or_seen_is_refused(string name) =>
        Assert.Equal("user.name", Assert.Throws<Fault>(() => IdentityRules.UserName(name)).Code);

    [Theory]
    [InlineData("default", true)]
    [InlineData("team-7", true)]
    [InlineData("", false)]
    [InlineData("-a", false)]
    [InlineData("a-", false)]
    [InlineData("Team", false)]
    [InlineData("a b", false)]
    [InlineData("a/b", false)]
    public void A_workspace_name_fits_into_any_address(string name, bool isGood)
    {
        var fault = Record.Exception(() => IdentityRules.WorkspaceName(name));
        Assert.Equal(isGood, fault is null);
    }
}
