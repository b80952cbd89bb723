using System.Diagnostics;
using System.Net;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Sdk;

namespace Slipway.Tests.Identity.Actions;

public sealed class SignInTests
{
    private const string Wrong = "incorrect horse battery";

    private static readonly IPAddress Home = IPAddress.Parse("192.0.2.7");
    private static readonly IPAddress Elsewhere = IPAddress.Parse("198.51.100.9");

    [Fact]
    public async Task A_password_checked_once_is_not_hashed_again()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.Users.CreateAsync(identity.Operator, "alice", IdentityFixture.Password);
        await identity.CallerAsync("alice");
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 100; i++)
            await identity.CallerAsync("alice");
        // One hash alone takes longer than this.
        Assert.True(watch.ElapsedMilliseconds < 100, $"{watch.ElapsedMilliseconds} ms");
    }

    [Fact]
    public async Task Many_first_requests_at_the_same_time_are_one_attempt()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        var callers = await Task.WhenAll(
            Enumerable.Range(0, 64).Select(_ => Task.Run(async () => await identity.CallerAsync("alice")))
        );
        Assert.All(callers, caller => Assert.Equal("alice", caller.User));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic not-base64!")]
    [InlineData("Basic YWxpY2U=")]
    [InlineData("Bearer")]
    [InlineData("Digest username=alice")]
    [InlineData("alice:correct horse battery")]
    public async Task What_is_no_credential_is_refused(string? header)
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        Assert.Equal("identity.unauthenticated", (await RefusedAsync(identity, header, Home)).Code);
    }

    [Fact]
    public async Task Names_and_passwords_are_told_apart_by_their_case()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        await RefusedAsync(identity, IdentityFixture.Basic("Alice", IdentityFixture.Password), Home);
        await RefusedAsync(identity, IdentityFixture.Basic("alice", IdentityFixture.Password.ToUpperInvariant()), Home);
    }

    [Fact]
    public async Task After_ten_failures_a_name_waits_a_minute_at_that_address_and_nowhere_else()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        await identity.AddAsync("bob");
        for (var i = 0; i < SignInLimits.FailuresPerName; i++)
            Assert.Equal(FaultKind.Unauthenticated, (await GuessAsync(identity, "alice", $"{Wrong} {i}", Home)).Kind);

        var refused = await GuessAsync(identity, "alice", IdentityFixture.Password, Home);
        Assert.Equal(("identity.too_many_attempts", FaultKind.Busy), (refused.Code, refused.Kind));
        Assert.InRange(refused.RetryAfter!.Value.TotalSeconds, 1, 60);
        await SignInAsync(identity, "bob", Home);
        await SignInAsync(identity, "alice", Elsewhere);

        identity.Clock.Advance(TimeSpan.FromMinutes(1));
        await SignInAsync(identity, "alice", Home);
    }

    [Fact]
    public async Task After_thirty_failures_an_address_waits_whatever_names_it_tries()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        for (var i = 0; i < SignInLimits.FailuresPerAddress; i++)
            Assert.Equal(FaultKind.Unauthenticated, (await RefusedAsync(identity, $"Bearer slw_{i}", Home)).Kind);
        Assert.Equal(FaultKind.Busy, (await GuessAsync(identity, "alice", Wrong, Home)).Kind);
        Assert.Equal(FaultKind.Busy, (await RefusedAsync(identity, "Bearer slw_x", Home)).Kind);
        await SignInAsync(identity, "alice", Elsewhere);
    }

    [Fact]
    public async Task Who_is_signed_in_goes_on_working_beside_somebody_who_guesses()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        await SignInAsync(identity, "alice", Home);
        var token = await identity.Tokens.CreateAsync(identity.Operator, "alice", "nightly", null);
        for (var i = 0; i < SignInLimits.FailuresPerAddress; i++)
            await RefusedAsync(identity, $"Bearer slw_{i}", Home);
        await SignInAsync(identity, "alice", Home);
        await identity.SignIn.AuthenticateAsync(new Credentials($"Bearer {token.Secret}", null, Home));
    }

    [Fact]
    public void One_hosts_many_addresses_of_ipv6_count_as_one()
    {
        var one = SignInLimits.Place(IPAddress.Parse("2001:db8:1:2:3::1"));
        Assert.Equal(one, SignInLimits.Place(IPAddress.Parse("2001:db8:1:2:ffff:ffff:ffff:ffff")));
        Assert.NotEqual(one, SignInLimits.Place(IPAddress.Parse("2001:db8:1:3::1")));
        Assert.Equal("192.0.2.7", SignInLimits.Place(IPAddress.Parse("::ffff:192.0.2.7")));
    }

    [Fact]
    public async Task An_unknown_name_takes_as_long_to_refuse_as_a_wrong_password()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.Users.CreateAsync(identity.Operator, "alice", IdentityFixture.Password);
        await GuessAsync(identity, "alice", Wrong, Home);
        var known = await TimeAsync(() => GuessAsync(identity, "alice", Wrong, Home));
        var unknown = await TimeAsync(() => GuessAsync(identity, "nobody", Wrong, Home));
        Assert.InRange(unknown / known, 0.2, 5);
    }

    [Fact]
    public async Task A_workspace_of_others_is_not_there()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        await identity.AddAsync("alice");
        await identity.Workspaces.CreateAsync(identity.Operator, "harbour", "");
        foreach (var workspace in new[] { "harbour", "nowhere", "" })
        {
            var fault = await Assert.ThrowsAsync<Fault>(async () => await identity.CallerAsync("alice", workspace));
            Assert.Equal(("workspace.not_found", $"There is no workspace '{workspace}'."), (fault.Code, fault.Message));
        }
        await identity.Grants.PutAsync(identity.Operator, "alice", Resource.Workspace("harbour"), Level.None);
        Assert.Equal("harbour", (await identity.CallerAsync("alice", "harbour")).Workspace);
    }

    [Fact]
    public async Task On_a_server_without_login_the_operator_works_in_any_workspace_there_is()
    {
        await using var identity = await IdentityFixture.OpenAsync("sqlite");
        Assert.Equal("default", (await identity.SignIn.OperatorAsync("default")).Workspace);
        await Assert.ThrowsAsync<Fault>(async () => await identity.SignIn.OperatorAsync("harbour"));
    }

    private static async Task SignInAsync(IdentityFixture identity, string name, IPAddress from) =>
        await identity.SignIn.AuthenticateAsync(
            new Credentials(IdentityFixture.Basic(name, IdentityFixture.Password), null, from)
        );

    private static Task<Fault> GuessAsync(IdentityFixture identity, string name, string password, IPAddress from) =>
        RefusedAsync(identity, IdentityFixture.Basic(name, password), from);

    private static Task<Fault> RefusedAsync(IdentityFixture identity, string? header, IPAddress from) =>
        Assert.ThrowsAsync<Fault>(async () =>
            await identity.SignIn.AuthenticateAsync(new Credentials(header, null, from))
        );

    private static async Task<double> TimeAsync(Func<Task> work)
    {
        var watch = Stopwatch.StartNew();
        await work();
        return watch.Elapsed.TotalMilliseconds;
    }
}
