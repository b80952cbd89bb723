using Slipway.Identity;
using Slipway.Identity.Storage;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Actions;

public sealed class GrantsTests
{
    private static readonly Resource Fares = Resource.RegisteredModel("fares");

    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task Who_makes_a_thing_manages_it(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        await identity.AddAsync("bob");
        var alice = await identity.CallerAsync("alice");
        await identity.Store.Db.WriteAsync(tx => identity.Grants.GiveToCreator(tx, alice, Fares));
        Assert.Equal(Level.Manage, await identity.LevelAsync("alice", Fares));
        Assert.Equal(Level.Use, await identity.LevelAsync("bob", Fares));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Nobody_gets_a_grant_for_what_the_operator_makes_whatever_users_are_called(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync(identity.Operator.User);
        await identity.Store.Db.WriteAsync(tx => identity.Grants.GiveToCreator(tx, identity.Operator, Fares));
        Assert.Empty(await identity.Grants.OnAsync(identity.Operator, Fares));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_user_removed_while_making_something_leaves_no_grant_to_the_next_of_the_number(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        var alice = await identity.CallerAsync("alice");
        await identity.Users.RemoveAsync(identity.Operator, "alice");
        await identity.AddAsync("bob");
        await identity.Store.Db.WriteAsync(tx => identity.Grants.GiveToCreator(tx, alice, Fares));
        Assert.Empty(await identity.Grants.OnAsync(identity.Operator, Fares));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_grant_can_be_added_once_changed_and_taken_back(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice", Level.Read);
        var (grants, admin) = (identity.Grants, identity.Operator);
        Assert.Equal("grant.not_found", await CodeAsync(() => grants.ChangeAsync(admin, "alice", Fares, Level.Edit)));
        await grants.AddAsync(admin, "alice", Fares, Level.Edit);
        Assert.Equal("grant.exists", await CodeAsync(() => grants.AddAsync(admin, "alice", Fares, Level.Read)));
        Assert.Equal(Level.Edit, await identity.LevelAsync("alice", Fares));
        await grants.ChangeAsync(admin, "alice", Fares, Level.None);
        Assert.Equal(Level.None, await identity.LevelAsync("alice", Fares));
        await grants.TakeAsync(admin, "alice", Fares);
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", Fares));
        Assert.Equal("grant.not_found", await CodeAsync(() => grants.TakeAsync(admin, "alice", Fares)));
        Assert.Equal("grant.not_found", await CodeAsync(() => grants.GetAsync(admin, "alice", Fares)));
        await grants.AddAsync(admin, "alice", Fares, Level.Use);
        Assert.Equal(Level.Use, (await grants.GetAsync(admin, "alice", Fares)).Level);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Only_who_manages_a_thing_sees_and_decides_about_its_grants(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice", Level.Edit);
        await identity.AddAsync("bob");
        var alice = await identity.CallerAsync("alice");
        foreach (
            var verb in new Func<Task>[]
            {
                () => identity.Grants.PutAsync(alice, "alice", Fares, Level.Manage),
                () => identity.Grants.AddAsync(alice, "nobody", Fares, Level.Read),
                () => identity.Grants.TakeAsync(alice, "bob", Fares),
                () => identity.Grants.OnAsync(alice, Fares),
                () => identity.Grants.GetAsync(alice, "bob", Fares),
                () => identity.Grants.OfUserAsync(alice, "bob"),
                () => identity.Grants.PutAsync(alice, "alice", Resource.Workspace("default"), Level.Manage),
            }
        )
            Assert.Equal(FaultKind.Denied, (await Assert.ThrowsAsync<Fault>(verb)).Kind);
        await identity.Grants.PutAsync(identity.Operator, "alice", Fares, Level.Manage);
        await identity.Grants.PutAsync(await identity.CallerAsync("alice"), "bob", Fares, Level.Edit);
        Assert.Equal(Level.Edit, await identity.LevelAsync("bob", Fares));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Nobody_is_made_an_administrator_through_the_table_of_grants(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        var given = () => identity.Grants.PutAsync(identity.Operator, "alice", Resource.Server, Level.Manage);
        Assert.Equal("grant.server", await CodeAsync(given));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Grants_follow_a_renamed_thing_and_go_with_one_that_is_gone(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice", Level.Read);
        await identity.AddAsync("bob", Level.Read);
        var prices = Resource.RegisteredModel("prices");
        await identity.Grants.PutAsync(identity.Operator, "alice", Fares, Level.Edit);
        await identity.Grants.PutAsync(identity.Operator, "bob", prices, Level.Manage);

        await identity.Store.Db.WriteAsync(tx => identity.Grants.Rename(tx, "default", Fares, prices));
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", Fares));
        Assert.Equal(Level.Edit, await identity.LevelAsync("alice", prices));
        Assert.Equal(Level.Read, await identity.LevelAsync("bob", prices));

        await identity.Store.Db.WriteAsync(tx => identity.Grants.Forget(tx, "default", prices));
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", prices));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_grant_in_one_workspace_says_nothing_about_the_thing_of_that_name_in_another(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice", Level.Read);
        await identity.Workspaces.CreateAsync(identity.Operator, "harbour", "");
        await identity.Grants.PutAsync(identity.Operator, "alice", Fares, Level.Manage);
        await identity.Grants.PutAsync(identity.Operator, "alice", Resource.Workspace("harbour"), Level.Read);
        var there = await identity.CallerAsync("alice", "harbour");
        Assert.Equal(Level.Read, there.LevelOn(Fares));
        Assert.Equal(Level.Manage, await identity.LevelAsync("alice", Fares));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Traces_of_grants_taken_back_are_dropped_when_every_server_knows(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        await identity.Grants.PutAsync(identity.Operator, "alice", Fares, Level.Edit);
        await identity.Grants.TakeAsync(identity.Operator, "alice", Fares);
        await identity.Store.Db.WriteAsync(tx => Slipway.Identity.Actions.Workspaces.Seed(tx, identity.Clock));
        Assert.Equal(1, await TracesAsync(identity));
        identity.Clock.Advance(TimeSpan.FromHours(2));
        await identity.Store.Db.WriteAsync(tx => Slipway.Identity.Actions.Workspaces.Seed(tx, identity.Clock));
        Assert.Equal(0, await TracesAsync(identity));
    }

    private static Task<int> TracesAsync(IdentityFixture identity) =>
        identity.Store.Db.ReadAsync(tx =>
            AccessStore.ReadGrants(tx, long.MinValue).Count(grant => grant.Level is null)
        );

    private static async Task<string> CodeAsync(Func<Task> verb) => (await Assert.ThrowsAsync<Fault>(verb)).Code;
}
