using System.Net;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Actions;

public sealed class TokensTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_token_signs_its_user_in_until_it_is_revoked(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        var made = await identity.Tokens.CreateAsync(await identity.CallerAsync("alice"), "alice", "nightly", null);
        Assert.StartsWith("slw_", made.Secret, StringComparison.Ordinal);
        Assert.StartsWith(made.Token.Hint, made.Secret, StringComparison.Ordinal);
        var caller = await BearerAsync(identity, made.Secret);
        Assert.Equal(("alice", "default"), (caller.User, caller.Workspace));
        await identity.Tokens.RevokeAsync(caller, made.Token.Id);
        Assert.Equal(FaultKind.Unauthenticated, await RefusalAsync(identity, made.Secret));
        Assert.Empty(await identity.Tokens.ListAsync(caller, "alice"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_token_ends_at_its_time(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        var made = await identity.Tokens.CreateAsync(identity.Operator, "alice", "demo", TimeSpan.FromDays(1));
        identity.Clock.Advance(TimeSpan.FromDays(1) - TimeSpan.FromMilliseconds(1));
        await BearerAsync(identity, made.Secret);
        identity.Clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(FaultKind.Unauthenticated, await RefusalAsync(identity, made.Secret));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_new_password_signs_browsers_out_and_leaves_tokens_alone(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        await identity.AddAsync("bob");
        var (alice, bob) = (await identity.CallerAsync("alice"), await identity.CallerAsync("bob"));
        var browser = await identity.Tokens.BeginSessionAsync(alice, TimeSpan.FromHours(12));
        var program = await identity.Tokens.CreateAsync(alice, "alice", "browser", TimeSpan.FromHours(12));
        var other = await identity.Tokens.BeginSessionAsync(bob, TimeSpan.FromHours(12));

        await identity.Users.SetPasswordAsync(alice, "alice", "another good password");

        Assert.Equal(FaultKind.Unauthenticated, await RefusalAsync(identity, browser.Secret));
        await BearerAsync(identity, program.Secret);
        await BearerAsync(identity, other.Secret);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_token_works_in_the_workspace_it_was_made_in(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        await identity.Workspaces.CreateAsync(identity.Operator, "harbour", "");
        await identity.Grants.PutAsync(identity.Operator, "alice", Resource.Workspace("harbour"), Level.Edit);
        var there = await identity.CallerAsync("alice", "harbour");
        var made = await identity.Tokens.CreateAsync(there, "alice", "cranes", null);
        Assert.Equal("harbour", (await BearerAsync(identity, made.Secret)).Workspace);
        await identity.Grants.TakeAsync(identity.Operator, "alice", Resource.Workspace("harbour"));
        Assert.Equal(FaultKind.NotFound, await RefusalAsync(identity, made.Secret));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Tokens_of_others_are_not_there(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice", Level.Manage);
        await identity.AddAsync("bob");
        var made = await identity.Tokens.CreateAsync(identity.Operator, "bob", "nightly", null);
        var alice = await identity.CallerAsync("alice");
        var revoked = () => identity.Tokens.RevokeAsync(alice, made.Token.Id);
        Assert.Equal("token.not_found", (await Assert.ThrowsAsync<Fault>(revoked)).Code);
        await Assert.ThrowsAsync<Fault>(() => identity.Tokens.CreateAsync(alice, "bob", "mine", null));
        await Assert.ThrowsAsync<Fault>(() => identity.Tokens.ListAsync(alice, "bob"));
        await Assert.ThrowsAsync<Fault>(() => identity.Tokens.ListAsync(alice, null));
        await BearerAsync(identity, made.Secret);
    }

    [Theory]
    [InlineData("slw_")]
    [InlineData("slw_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("")]
    [InlineData("not a token")]
    public async Task What_is_no_token_signs_nobody_in(string secret)
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        await identity.Tokens.CreateAsync(identity.Operator, "alice", "nightly", null);
        Assert.Equal(FaultKind.Unauthenticated, await RefusalAsync(identity, secret));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(4000)]
    public async Task A_token_that_is_over_at_once_or_never_is_refused(int days)
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        var made = () => identity.Tokens.CreateAsync(identity.Operator, "alice", "x", TimeSpan.FromDays(days));
        Assert.Equal("token.lifetime", (await Assert.ThrowsAsync<Fault>(made)).Code);
    }

    private static ValueTask<Caller> BearerAsync(IdentityFixture identity, string secret) =>
        identity.SignIn.AuthenticateAsync(new Credentials($"Bearer {secret}", null, IPAddress.Loopback));

    private static async Task<FaultKind> RefusalAsync(IdentityFixture identity, string secret) =>
        (await Assert.ThrowsAsync<Fault>(async () => await BearerAsync(identity, secret))).Kind;
}
