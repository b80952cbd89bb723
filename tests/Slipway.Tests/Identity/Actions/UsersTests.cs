using Slipway.Identity;
using Slipway.Identity.Storage;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Actions;

public sealed class UsersTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_new_user_signs_in_and_may_use_the_workspace(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        Assert.False(await identity.Users.AnyAsync());
        await identity.Users.CreateAsync(identity.Operator, "alice", IdentityFixture.Password);
        Assert.True(await identity.Users.AnyAsync());
        var alice = await identity.CallerAsync("alice");
        Assert.Equal(("alice", "default"), (alice.User, alice.Workspace));
        Assert.Equal(Level.Use, alice.LevelOn(Resource.Experiment("0")));
        alice.RequireToCreate();
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_name_is_given_once(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        var fault = await Assert.ThrowsAsync<Fault>(() =>
            identity.Users.CreateAsync(identity.Operator, "alice", IdentityFixture.Password)
        );
        Assert.Equal("user.exists", fault.Code);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Only_who_manages_the_server_adds_lists_promotes_and_removes_users(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice", Level.Manage);
        await identity.AddAsync("bob");
        var alice = await identity.CallerAsync("alice");
        await DeniedAsync(() => identity.Users.CreateAsync(alice, "carol", IdentityFixture.Password));
        await DeniedAsync(() => identity.Users.ListAsync(alice));
        await DeniedAsync(() => identity.Users.SetAdminAsync(alice, "alice", true));
        await DeniedAsync(() => identity.Users.RemoveAsync(alice, "bob"));
        await DeniedAsync(() => identity.Users.GetAsync(alice, "bob"));
        await DeniedAsync(() => identity.Users.GetAsync(alice, "nobody"));
        await DeniedAsync(() => identity.Users.SetPasswordAsync(alice, "bob", IdentityFixture.Password));
        Assert.Equal("alice", (await identity.Users.GetAsync(alice, "alice")).Name);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_changed_password_is_the_only_one_from_then_on(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("alice");
        var alice = await identity.CallerAsync("alice");
        await identity.Users.SetPasswordAsync(alice, "alice", "another good password");
        await Assert.ThrowsAsync<Fault>(async () => await identity.CallerAsync("alice"));
        await Assert.ThrowsAsync<Fault>(() => identity.Users.SetPasswordAsync(alice, "alice", "short"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_administrator_may_do_everything_everywhere_until_no_longer_one(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.AddAsync("root");
        await identity.AddAsync("alice");
        await identity.Users.SetAdminAsync(identity.Operator, "root", true);
        await identity.Users.SetAdminAsync(identity.Operator, "alice", true);
        Assert.True((await identity.Users.GetAsync(identity.Operator, "alice")).IsAdmin);
        Assert.Equal(Level.Manage, await identity.LevelAsync("alice", Resource.RegisteredModel("fares")));
        await identity.Users.SetAdminAsync(identity.Operator, "alice", false);
        Assert.Equal(Level.Use, await identity.LevelAsync("alice", Resource.RegisteredModel("fares")));
        Assert.False((await identity.Users.GetAsync(identity.Operator, "alice")).IsAdmin);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task The_last_administrator_stays(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.Users.InstallAsync("root", IdentityFixture.Password, Level.Manage, isAdmin: true);
        var demoted = () => identity.Users.SetAdminAsync(identity.Operator, "root", false);
        Assert.Equal("user.last_admin", (await Assert.ThrowsAsync<Fault>(demoted)).Code);
        var removed = () => identity.Users.RemoveAsync(identity.Operator, "root");
        Assert.Equal("user.last_admin", (await Assert.ThrowsAsync<Fault>(removed)).Code);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_removed_user_takes_along_tokens_roles_and_grants_also_for_who_gets_the_number_next(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var other = identity.OtherServer();
        var alice = await identity.AddAsync("alice");
        var role = await identity.Roles.CreateAsync(identity.Operator, "default", "keepers", null);
        await identity.Roles.AssignAsync(identity.Operator, role.Number, "alice");
        await identity.Grants.PutAsync(identity.Operator, "alice", Resource.Experiment("7"), Level.Manage);
        await identity.Tokens.CreateAsync(identity.Operator, "alice", "nightly", null);
        Assert.Equal(Level.Manage, await other.LevelAsync("alice", Resource.Experiment("7")));

        await identity.Users.RemoveAsync(identity.Operator, "alice");
        var bob = await identity.AddAsync("bob", Level.None);

        Assert.Equal(alice.Number, bob.Number);
        Assert.Equal(Level.None, await identity.LevelAsync("bob", Resource.Experiment("7")));
        identity.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Level.None, await other.LevelAsync("bob", Resource.Experiment("7")));
        Assert.Empty(await identity.Roles.MembersAsync(identity.Operator, role.Number));
        Assert.Empty(await identity.Tokens.ListAsync(identity.Operator, "bob"));
        await Assert.ThrowsAsync<Fault>(async () => await identity.CallerAsync("alice"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_reset_leaves_the_installed_administrator_and_nobody_else(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        await identity.Users.InstallAsync("root", IdentityFixture.Password, Level.Manage, isAdmin: true);
        await identity.AddAsync("alice");
        await identity.Grants.PutAsync(identity.Operator, "root", Resource.Experiment("1"), Level.Read);
        var token = await identity.Tokens.CreateAsync(identity.Operator, "root", "ci", null);

        await identity.Store.Db.WriteAsync(UserStore.Reset);
        identity.Book.Forget();

        Assert.Equal(["root"], (await identity.Users.ListAsync(identity.Operator)).Select(user => user.Name));
        Assert.Equal(token.Token.Id, Assert.Single(await identity.Tokens.ListAsync(identity.Operator, null)).Id);
        Assert.Equal(Level.Manage, await identity.LevelAsync("root", Resource.Server));
        Assert.Equal(2, (await identity.AddAsync("first of the next test")).Number);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Users_added_at_the_same_time_get_a_number_each(string kind)
    {
        await using var identity = await IdentityFixture.OpenAsync(kind);
        var names = Enumerable.Range(0, 8).Select(i => $"user-{i}").ToList();
        var added = await Task.WhenAll(
            names.Select(name =>
                Task.Run(() => identity.Users.CreateAsync(identity.Operator, name, IdentityFixture.Password))
            )
        );
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), added.Select(user => user.Number).Order());
    }

    private static async Task DeniedAsync(Func<Task> verb) =>
        Assert.Equal(FaultKind.Denied, (await Assert.ThrowsAsync<Fault>(verb)).Kind);
}
