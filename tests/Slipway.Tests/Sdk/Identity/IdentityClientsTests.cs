using Slipway.Sdk;
using Slipway.Sdk.Identity;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Identity.Http;

namespace Slipway.Tests.Sdk.Identity;

/// <summary>The calls on people, each kind by the one who may make them and by one who may not.</summary>
public sealed class IdentityClientsTests(PeopledServer server) : IClassFixture<PeopledServer>
{
    private const string Password = "a users good password";

    [Fact]
    public async Task A_user_is_added_changed_and_removed_and_others_may_not_do_it()
    {
        await using var admin = Client(PeopledServer.Admin);
        await using var viewer = Client(PeopledServer.Viewer);
        var carol = new UserCreate
        {
            Name = "carol",
            Password = Password,
            Level = AccessLevel.Edit,
        };

        Assert.Equal("carol", (await admin.Users.CreateAsync(carol)).Name);
        Assert.Equal("user.exists", (await Refused(() => admin.Users.CreateAsync(carol))).Code);
        Assert.True((await admin.Users.ChangeAsync("carol", new UserChange { IsAdmin = true })).IsAdmin);
        Assert.Contains("carol", (await admin.Users.ListAsync()).Select(user => user.Name));
        Assert.Equal(FaultKind.Denied, (await Refused(() => viewer.Users.ListAsync())).Kind);
        Assert.Equal(FaultKind.Denied, (await Refused(() => viewer.Users.RemoveAsync("carol"))).Kind);
        await admin.Users.RemoveAsync("carol");
        Assert.Equal("user.not_found", (await Refused(() => admin.Users.GetAsync("carol"))).Code);
    }

    [Fact]
    public async Task A_token_signs_in_until_it_is_revoked()
    {
        await using var admin = Client(PeopledServer.Admin);
        var made = await admin.Tokens.CreateAsync(new TokenCreate { Name = "nightly", User = PeopledServer.Viewer });
        await using var program = new SlipwayClient(
            server.Server.Address,
            new SlipwayClientOptions { Token = made.Secret }
        );

        Assert.Equal([made.Token.Id], (await program.Tokens.ListAsync()).Select(token => token.Id));
        await admin.Tokens.RevokeAsync(made.Token.Id);
        Assert.Equal(FaultKind.Unauthenticated, (await Refused(() => program.Tokens.ListAsync())).Kind);
    }

    [Fact]
    public async Task A_grant_on_one_experiment_lets_in_there_and_nowhere_else()
    {
        await using var admin = Client(PeopledServer.Admin);
        await using var viewer = Client(PeopledServer.Viewer);
        var one = await admin.Experiments.EnsureAsync("granted");
        var other = await admin.Experiments.EnsureAsync("not-granted");
        await admin.Grants.PutAsync(
            new GrantPut
            {
                User = PeopledServer.Viewer,
                Kind = GrantKind.Experiment,
                On = one.Id,
                Level = AccessLevel.Manage,
            }
        );

        await viewer.Experiments.DeleteAsync(one.Id);
        Assert.Equal(FaultKind.Denied, (await Refused(() => viewer.Experiments.DeleteAsync(other.Id))).Kind);
        Assert.Contains(await viewer.Grants.OfUserAsync(PeopledServer.Viewer), grant => grant.On == one.Id);
        await admin.Grants.TakeAsync(PeopledServer.Viewer, GrantKind.Experiment, one.Id);
        Assert.Equal(FaultKind.Denied, (await Refused(() => viewer.Experiments.RestoreAsync(one.Id))).Kind);
    }

    [Fact]
    public async Task A_role_gives_its_members_what_it_was_given()
    {
        await using var admin = Client(PeopledServer.Admin);
        await using var viewer = Client(PeopledServer.Viewer);
        var role = await admin.Roles.CreateAsync(new RoleCreate { Name = "keepers" });
        var grant = await admin.Roles.GiveAsync(
            role.Id,
            new RoleGrantCreate { Kind = GrantKind.Experiment, Level = AccessLevel.Edit }
        );
        await admin.Roles.AssignAsync(role.Id, PeopledServer.Viewer);
        await admin.Roles.AssignAsync(role.Id, PeopledServer.Viewer);
        Assert.Single(await admin.Roles.MembersAsync(role.Id));

        var rename = new ExperimentChange { Tags = new Dictionary<string, string?> { ["a"] = "b" } };
        await viewer.Experiments.ChangeAsync("0", rename);
        await admin.Roles.ChangeGrantAsync(grant.Id, AccessLevel.Read);
        Assert.Equal(FaultKind.Denied, (await Refused(() => viewer.Experiments.ChangeAsync("0", rename))).Kind);
        await admin.Roles.UnassignAsync(role.Id, PeopledServer.Viewer);
        await admin.Roles.RemoveAsync(role.Id);
        Assert.Equal(FaultKind.NotFound, (await Refused(() => admin.Roles.GetAsync(role.Id))).Kind);
    }

    [Fact]
    public async Task A_workspace_has_its_own_experiments()
    {
        await using var admin = Client(PeopledServer.Admin);
        await admin.Workspaces.CreateAsync(new WorkspaceCreate { Name = "apart", Description = "for a test" });
        await using var inside = Client(PeopledServer.Admin, "apart");
        var made = await inside.Experiments.CreateAsync(new ExperimentCreate { Name = "inside" });

        Assert.Null(await admin.Experiments.FindAsync("inside"));
        Assert.Equal(FaultKind.NotFound, (await Refused(() => admin.Experiments.GetAsync(made.Id))).Kind);
        Assert.Equal("changed", (await admin.Workspaces.DescribeAsync("apart", "changed")).Description);
        await using var viewer = Client(PeopledServer.Viewer);
        Assert.DoesNotContain("apart", (await viewer.Workspaces.ListAsync()).Select(workspace => workspace.Name));
    }

    private SlipwayClient Client(string user, string? workspace = null) =>
        new(
            server.Server.Address,
            new SlipwayClientOptions
            {
                User = user,
                Password = PeopledServer.Password,
                Workspace = workspace,
                Retries = 0,
            }
        );

    private static Task<Fault> Refused(Func<Task> call) => Assert.ThrowsAsync<Fault>(call);
}
