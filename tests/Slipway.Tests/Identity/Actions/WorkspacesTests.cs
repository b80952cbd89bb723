using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Actions;

public sealed class WorkspacesTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task Every_store_has_the_default_workspace_and_the_operator_makes_others(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var (workspaces, admin) = (identity.Workspaces, identity.Operator);
        await workspaces.CreateAsync(admin, "harbour", "ships");
        Assert.Equal(["default", "harbour"], (await workspaces.ListAsync(admin)).Select(workspace => workspace.Name));
        Assert.Equal("boats", (await workspaces.DescribeAsync(admin, "harbour", "boats")).Description);
        Assert.Equal("workspace.exists", await CodeAsync(() => workspaces.CreateAsync(admin, "harbour", "")));
        Assert.Equal("workspace.name", await CodeAsync(() => workspaces.CreateAsync(admin, "../etc", "")));
        Assert.Equal("workspace.not_found", await CodeAsync(() => workspaces.DescribeAsync(admin, "nowhere", "")));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Others_see_the_workspaces_they_may_read_and_change_those_they_manage(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var workspaces = identity.Workspaces;
        await workspaces.CreateAsync(identity.Operator, "harbour", "");
        await identity.AddAsync("alice", Level.Manage);
        var alice = await identity.CallerAsync("alice");
        Assert.Equal(["default"], (await workspaces.ListAsync(alice)).Select(workspace => workspace.Name));
        await workspaces.DescribeAsync(alice, "default", "hers");
        Assert.Equal("workspace.not_found", await CodeAsync(() => workspaces.DescribeAsync(alice, "harbour", "x")));
        Assert.Equal("identity.denied", await CodeAsync(() => workspaces.CreateAsync(alice, "another", "")));
        await identity.Grants.PutAsync(identity.Operator, "alice", Resource.Workspace("harbour"), Level.Read);
        alice = await identity.CallerAsync("alice");
        Assert.Equal("identity.denied", await CodeAsync(() => workspaces.DescribeAsync(alice, "harbour", "x")));
    }

    private static async Task<string> CodeAsync(Func<Task> verb) => (await Assert.ThrowsAsync<Fault>(verb)).Code;
}
