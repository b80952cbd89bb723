using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Actions;

public sealed class RolesTests
{
    private static readonly Resource Fares = Resource.Experiment("7");

    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task Who_has_a_role_may_do_what_it_was_given_until_either_ends(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var (roles, admin) = (identity.Roles, identity.Operator);
        await identity.AddAsync("alice", Level.Read);
        var role = await roles.CreateAsync(admin, "default", "keepers", "look after fares");
        var grant = await roles.GiveAsync(admin, role.Number, Fares, Level.Edit);
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", Fares));
        await roles.AssignAsync(admin, role.Number, "alice");
        Assert.Equal(Level.Edit, await identity.LevelAsync("alice", Fares));
        await roles.ChangeAsync(admin, grant.Number, Level.Manage);
        Assert.Equal(Level.Manage, await identity.LevelAsync("alice", Fares));
        await roles.TakeAsync(admin, grant.Number);
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", Fares));
        await roles.GiveAsync(admin, role.Number, Resource.Every(ResourceKind.Experiment), Level.Use);
        Assert.Equal(Level.Use, await identity.LevelAsync("alice", Fares));
        await roles.UnassignAsync(admin, role.Number, "alice");
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", Fares));
        await roles.AssignAsync(admin, role.Number, "alice");
        await roles.RemoveAsync(admin, role.Number);
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", Fares));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_role_is_named_once_in_its_workspace_and_numbered_over_all(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var (roles, admin) = (identity.Roles, identity.Operator);
        var first = await roles.CreateAsync(admin, "ws1", "viewer", null);
        var second = await roles.CreateAsync(admin, "ws2", "viewer", null);
        Assert.Equal((1, 2), (first.Number, second.Number));
        Assert.Equal("role.exists", await CodeAsync(() => roles.CreateAsync(admin, "ws1", "viewer", null)));
        var third = await roles.CreateAsync(admin, "ws1", "editor", null);
        Assert.Equal("role.exists", await CodeAsync(() => roles.UpdateAsync(admin, third.Number, "viewer", null)));
        Assert.Equal("writer", (await roles.UpdateAsync(admin, third.Number, "writer", null)).Name);
        Assert.Equal(["viewer", "writer"], (await roles.ListAsync(admin, "ws1")).Select(role => role.Name));
        Assert.Equal(3, (await roles.ListAsync(admin, null)).Count);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Who_manages_one_workspace_decides_about_its_roles_and_no_others(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var (roles, admin) = (identity.Roles, identity.Operator);
        await identity.AddAsync("alice", level: null);
        await identity.AddAsync("bob", level: null);
        var keepers = await roles.CreateAsync(admin, "ws1", "keepers", null);
        await roles.GiveAsync(admin, keepers.Number, Resource.Workspace("ws1"), Level.Manage);
        await roles.AssignAsync(admin, keepers.Number, "alice");
        var elsewhere = await roles.CreateAsync(admin, "ws2", "viewer", null);
        await roles.AssignAsync(admin, elsewhere.Number, "bob");
        var alice = await identity.CallerAsync("alice");

        var viewer = await roles.CreateAsync(alice, "ws1", "viewer", null);
        await roles.AssignAsync(alice, viewer.Number, "bob");
        Assert.Equal(["viewer"], (await roles.OfUserAsync(alice, "bob")).Select(role => role.Name));
        foreach (
            var verb in new Func<Task>[]
            {
                () => roles.CreateAsync(alice, "ws2", "editor", null),
                () => roles.AssignAsync(alice, elsewhere.Number, "alice"),
                () => roles.GiveAsync(alice, elsewhere.Number, Resource.Workspace("ws2"), Level.Read),
                () => roles.RemoveAsync(alice, elsewhere.Number),
                () => roles.GetAsync(alice, elsewhere.Number),
                () => roles.GetAsync(alice, 99),
                () => roles.ListAsync(alice, null),
            }
        )
            Assert.Equal(FaultKind.Denied, (await Assert.ThrowsAsync<Fault>(verb)).Kind);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_role_gives_nothing_outside_its_workspace(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var (roles, admin) = (identity.Roles, identity.Operator);
        var role = await roles.CreateAsync(admin, "ws1", "viewer", null);
        var other = () => roles.GiveAsync(admin, role.Number, Resource.Workspace("ws2"), Level.Read);
        Assert.Equal("grant.outside", await CodeAsync(other));
        var server = () => roles.GiveAsync(admin, role.Number, Resource.Server, Level.Manage);
        Assert.Equal("grant.outside", await CodeAsync(server));
        await identity.AddAsync("alice", Level.Read);
        await roles.AssignAsync(admin, role.Number, "alice");
        await roles.GiveAsync(admin, role.Number, Fares, Level.Manage);
        Assert.Equal(Level.Read, await identity.LevelAsync("alice", Fares));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_user_sees_their_own_roles_and_nobody_elses(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var (roles, admin) = (identity.Roles, identity.Operator);
        await identity.AddAsync("alice");
        await identity.AddAsync("bob");
        var role = await roles.CreateAsync(admin, "ws1", "viewer", null);
        await roles.AssignAsync(admin, role.Number, "alice");
        Assert.Single(await roles.OfUserAsync(await identity.CallerAsync("alice"), "alice"));
        var bob = await identity.CallerAsync("bob");
        Assert.Equal("identity.denied", await CodeAsync(() => roles.OfUserAsync(bob, "alice")));
        Assert.Equal("identity.denied", await CodeAsync(() => roles.OfUserAsync(bob, "nobody")));
        Assert.Equal("user.not_found", await CodeAsync(() => roles.OfUserAsync(admin, "nobody")));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task What_is_not_there_is_said_to_be_missing(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var (roles, admin) = (identity.Roles, identity.Operator);
        await identity.AddAsync("alice");
        var role = await roles.CreateAsync(admin, "ws1", "viewer", null);
        Assert.Equal("role.not_found", await CodeAsync(() => roles.AssignAsync(admin, 99, "alice")));
        Assert.Equal("user.not_found", await CodeAsync(() => roles.AssignAsync(admin, role.Number, "nobody")));
        Assert.Equal("role.not_assigned", await CodeAsync(() => roles.UnassignAsync(admin, role.Number, "alice")));
        Assert.Equal("grant.not_found", await CodeAsync(() => roles.TakeAsync(admin, 1)));
        Assert.Equal("role.nothing_to_change", await CodeAsync(() => roles.UpdateAsync(admin, 1, null, null)));
        await roles.AssignAsync(admin, role.Number, "alice");
        Assert.Equal("role.assigned", await CodeAsync(() => roles.AssignAsync(admin, role.Number, "alice")));
    }

    private static async Task<string> CodeAsync(Func<Task> verb) => (await Assert.ThrowsAsync<Fault>(verb)).Code;
}
