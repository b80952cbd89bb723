using Slipway.Foundation.Sql;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>The verbs of users. Who manages the server sees and changes all; everybody else themselves.</summary>
public sealed class Users
{
    private readonly Ledger ledger;

    internal Users(Ledger ledger) => this.ledger = ledger;

    /// <summary>Whether anybody could sign in at all.</summary>
    public Task<bool> AnyAsync(CancellationToken cancellation = default) =>
        ledger.ReadAsync(UserStore.Any, cancellation);

    /// <summary>Adds a user who has the level on the caller's workspace.</summary>
    public Task<User> CreateAsync(
        Caller caller,
        string name,
        string password,
        Level level = Level.Use,
        bool isAdmin = false,
        CancellationToken cancellation = default
    )
    {
        caller.Require(Level.Manage, Resource.Server);
        return AddAsync(caller, name, password, level, isAdmin, installed: false, cancellation);
    }

    /// <summary>Adds a user for whoever runs the server; a reset leaves this one in place.</summary>
    public Task<User> InstallAsync(
        string name,
        string password,
        Level level,
        bool isAdmin,
        CancellationToken cancellation = default
    ) => AddAsync(Caller.Operator(), name, password, level, isAdmin, installed: true, cancellation);

    public async Task<User> GetAsync(Caller caller, string name, CancellationToken cancellation = default)
    {
        RequireSelfOrAdmin(caller, name);
        return await ledger.ReadAsync(tx => Find(tx, name), cancellation);
    }

    public async Task<IReadOnlyList<User>> ListAsync(Caller caller, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Server);
        return await ledger.ReadAsync(UserStore.All, cancellation);
    }

    /// <summary>
    /// Gives a user another password, and signs their browsers out. Their tokens go on: a program knows nothing of the
    /// password, and whoever fears for a token revokes it.
    /// </summary>
    public async Task SetPasswordAsync(
        Caller caller,
        string name,
        string password,
        CancellationToken cancellation = default
    )
    {
        RequireSelfOrAdmin(caller, name);
        IdentityRules.Password(password, name);
        var hash = PasswordHash.Of(password);
        await ledger.WriteAsync(
            tx =>
            {
                var user = Find(tx, name);
                UserStore.SetPassword(tx, user.Number, hash);
                TokenStore.EndSessions(tx, user.Number);
                ledger.Tell(tx, IdentityEvents.OfUser(caller, IdentityEvents.PasswordChanged, name));
            },
            cancellation
        );
    }

    /// <summary>Gives a user power over the whole server, or takes it back; one who has it always remains.</summary>
    public async Task SetAdminAsync(Caller caller, string name, bool isAdmin, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Server);
        await ledger.WriteAsync(
            tx =>
            {
                var user = Find(tx, name);
                if (isAdmin)
                    MakeAdmin(tx, user.Number);
                else
                {
                    KeepOneAdmin(tx, user);
                    GrantStore.Take(tx, Holder.User(user.Number), "", Resource.Server, ledger.NowMs);
                }
                ledger.Tell(
                    tx,
                    IdentityEvents.OfUser(
                        caller,
                        IdentityEvents.AdminChanged,
                        name,
                        ("admin", isAdmin ? "true" : "false")
                    )
                );
            },
            cancellation
        );
    }

    /// <summary>Removes a user with their tokens and grants; what they made stays.</summary>
    public async Task RemoveAsync(Caller caller, string name, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Server);
        await ledger.WriteAsync(
            tx =>
            {
                var user = Find(tx, name);
                KeepOneAdmin(tx, user);
                UserStore.Remove(tx, user.Number, ledger.NowMs);
                ledger.Tell(tx, IdentityEvents.OfUser(caller, IdentityEvents.UserRemoved, name));
            },
            cancellation
        );
    }

    internal Task<bool> ExistsAsync(string name, CancellationToken cancellation) =>
        ledger.ReadAsync(tx => UserStore.Find(tx, name) is not null, cancellation);

    internal static User Find(Tx tx, string name) => UserStore.Find(tx, name) ?? throw NotFound(name);

    internal static Fault NotFound(string name) =>
        Fault.NotFound("user.not_found", $"User with username={name} not found");

    internal static bool IsSelf(Caller caller, string name) => caller.UserNumber != 0 && caller.User == name;

    internal static void RequireSelfOrAdmin(Caller caller, string name)
    {
        if (!IsSelf(caller, name))
            caller.Require(Level.Manage, Resource.Server);
    }

    private async Task<User> AddAsync(
        Caller caller,
        string name,
        string password,
        Level level,
        bool isAdmin,
        bool installed,
        CancellationToken cancellation
    )
    {
        IdentityRules.UserName(name);
        IdentityRules.Password(password, name);
        // Hashed before the transaction, which others wait for.
        var hash = PasswordHash.Of(password);
        return await ledger.WriteAsync(
            tx =>
            {
                tx.Lock("identity_users");
                if (UserStore.Find(tx, name) is not null)
                    throw Fault.Conflict("user.exists", $"User (username={name}) already exists.");
                // The first administrator is the server's own, however they were added.
                var isFirst = isAdmin && !UserStore.All(tx).Exists(other => other.IsAdmin);
                var user = UserStore.Insert(tx, name, hash, installed || isFirst, ledger.NowMs);
                var workspace = Resource.Workspace(caller.Workspace);
                GrantStore.Put(tx, Holder.User(user.Number), caller.Workspace, workspace, level, ledger.NowMs);
                if (isAdmin)
                    MakeAdmin(tx, user.Number);
                ledger.Tell(
                    tx,
                    IdentityEvents.OfUser(
                        caller,
                        IdentityEvents.UserCreated,
                        name,
                        ("level", level.ToString().ToLowerInvariant()),
                        ("admin", isAdmin ? "true" : "false")
                    )
                );
                return user with { IsAdmin = isAdmin };
            },
            cancellation
        );
    }

    private void MakeAdmin(Tx tx, long number) =>
        GrantStore.Put(tx, Holder.User(number), "", Resource.Server, Level.Manage, ledger.NowMs);

    private static void KeepOneAdmin(Tx tx, User user)
    {
        tx.Lock("identity_users");
        if (user.IsAdmin && UserStore.All(tx).Count(other => other.IsAdmin) == 1)
            throw Fault.Conflict(
                "user.last_admin",
                $"'{user.Name}' is the only administrator of this server.",
                "Make somebody else an administrator first."
            );
    }
}
