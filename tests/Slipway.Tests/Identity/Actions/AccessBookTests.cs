using System.Net;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Actions;

/// <summary>What one server of a store learns of changes that another makes, and when.</summary>
public sealed class AccessBookTests
{
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(500);
    private static readonly Resource Fares = Resource.Experiment("7");

    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_token_revoked_on_another_server_is_refused_within_a_second(string kind)
    {
        await using var here = await IdentityFixture.OpenAsync(kind);
        var there = here.OtherServer();
        await here.AddAsync("alice");
        var made = await here.Tokens.CreateAsync(here.Operator, "alice", "nightly", null);
        await BearerAsync(there, made.Secret);
        await here.Tokens.RevokeAsync(here.Operator, made.Token.Id);
        here.Clock.Advance(Soon);
        await Assert.ThrowsAsync<Fault>(() => BearerAsync(there, made.Secret));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_password_changed_on_another_server_ends_the_old_one_within_a_second(string kind)
    {
        await using var here = await IdentityFixture.OpenAsync(kind);
        var there = here.OtherServer();
        await here.AddAsync("alice");
        await there.CallerAsync("alice");
        await here.Users.SetPasswordAsync(here.Operator, "alice", "another good password");
        here.Clock.Advance(Soon);
        await Assert.ThrowsAsync<Fault>(async () => await there.CallerAsync("alice"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Grants_given_changed_and_taken_on_another_server_hold_within_a_second(string kind)
    {
        await using var here = await IdentityFixture.OpenAsync(kind);
        var there = here.OtherServer();
        await here.AddAsync("alice", Level.Read);
        Assert.Equal(Level.Read, await there.LevelAsync("alice", Fares));
        foreach (var level in new[] { Level.Edit, Level.None, Level.Manage })
        {
            await here.Grants.PutAsync(here.Operator, "alice", Fares, level);
            here.Clock.Advance(Soon);
            Assert.Equal(level, await there.LevelAsync("alice", Fares));
        }
        await here.Grants.TakeAsync(here.Operator, "alice", Fares);
        here.Clock.Advance(Soon);
        Assert.Equal(Level.Read, await there.LevelAsync("alice", Fares));
    }

    [Fact]
    public async Task Within_half_a_second_the_store_is_not_asked_again()
    {
        await using var here = await IdentityFixture.OpenAsync("sqlite");
        var there = here.OtherServer();
        await here.AddAsync("alice", Level.Read);
        await there.LevelAsync("alice", Fares);
        await here.Grants.PutAsync(here.Operator, "alice", Fares, Level.Edit);
        here.Clock.Advance(Soon - TimeSpan.FromMilliseconds(1));
        Assert.Equal(Level.Read, await there.LevelAsync("alice", Fares));
    }

    [Fact]
    public async Task A_server_that_slept_through_the_traces_reads_everything_anew()
    {
        await using var here = await IdentityFixture.OpenAsync("sqlite");
        var there = here.OtherServer();
        await here.AddAsync("alice", Level.Read);
        await here.Grants.PutAsync(here.Operator, "alice", Fares, Level.Edit);
        Assert.Equal(Level.Edit, await there.LevelAsync("alice", Fares));
        await here.Grants.TakeAsync(here.Operator, "alice", Fares);
        here.Clock.Advance(TimeSpan.FromHours(2));
        await here.Store.Db.WriteAsync(tx => Slipway.Identity.Actions.Workspaces.Seed(tx, here.Clock));
        Assert.Equal(Level.Read, await there.LevelAsync("alice", Fares));
    }

    [Fact]
    public async Task Nobody_is_let_in_when_the_store_does_not_answer()
    {
        var here = await IdentityFixture.OpenAsync("sqlite");
        await here.AddAsync("alice");
        await here.CallerAsync("alice");
        await here.DisposeAsync();
        here.Clock.Advance(Soon);
        await Assert.ThrowsAnyAsync<Exception>(async () => await here.CallerAsync("alice"));
    }

    /// <summary>Writers that race and a follower that looks in between: nothing is missed, whatever the order of commits.</summary>
    [Theory, MemberData(nameof(Stores))]
    public async Task A_follower_misses_no_grant_of_many_writers(string kind)
    {
        await using var here = await IdentityFixture.OpenAsync(kind);
        var there = here.OtherServer();
        await here.AddAsync("alice", Level.Read);
        var count = Seeds.Count(60, 2000);
        var writing = Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(writer =>
                    Task.Run(async () =>
                    {
                        for (var i = writer; i < count; i += 4)
                            await here.Grants.PutAsync(here.Operator, "alice", Resource.Experiment($"{i}"), Level.Edit);
                    })
                )
        );
        while (!writing.IsCompleted)
        {
            here.Clock.Advance(Soon);
            await there.CallerAsync("alice");
        }
        await writing;
        here.Clock.Advance(Soon);
        var alice = await there.CallerAsync("alice");
        Assert.All(
            Enumerable.Range(0, count),
            i => Assert.Equal(Level.Edit, alice.LevelOn(Resource.Experiment($"{i}")))
        );
    }

    private static async Task BearerAsync(IdentityFixture identity, string secret) =>
        await identity.SignIn.AuthenticateAsync(new Credentials($"Bearer {secret}", null, IPAddress.Loopback));
}
