using Slipway.Foundation.Sql;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>The verbs of users. Who manages the server sees and changes all; everybody else themselves.</summary>
public sealed class Users
{
    private readonly Db db;
    private readonly AccessBook book;
    private readonly TimeProvider clock;

    internal Users(Db db, AccessBook book, TimeProvider clock)
    {
        this.db = db;
        this.book = book;
        this.clock = clock;
    }

    /// <summary>Whether anybody could sign in at all.</summary>
    public Task<bool> AnyAsync(CancellationToken cancellation = default) => db.ReadAsync(UserStore.Any, cancellation);

    internal Task<bool> ExistsAsync(string name, CancellationToken cancellation) =>
        db.ReadAsync(tx => UserStore.Find(tx, name) is not null, cancellation);

    /// <summary>Adds a user who has the level on the caller's workspace.</summary>
    public async Task<User> CreateAsync(
        Caller caller,
        string name,
        string password,
        Level level = Level.Use,
        bool isAdmin = false,
        CancellationToken cancellation = default
    )
    {
        caller.Require(Level.Manage, Resource.Server);
        return await AddAsync(name, password, caller.Workspace, level, isAdmin, installed: false, cancellation);
    }

    /// <summary>Adds an administrator for whoever runs the server; a reset leaves this one in place.</summary>
    public Task<User> InstallAdminAsync(string name, string password, CancellationToken cancellation = default) =>
        AddAsync(name, password, Caller.DefaultWorkspace, Level.Manage, isAdmin: true, installed: true, cancellation);

    public async Task<User> GetAsync(Caller caller, string name, CancellationToken cancellation = default)
    {
        RequireSelfOrAdmin(caller, name);
        return await db.ReadAsync(tx => Find(tx, name), cancellation);
    }

    public async Task<IReadOnlyList<User>> ListAsync(Caller caller, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Server);
        return await db.ReadAsync(UserStore.All, cancellation);
    }

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
        await db.WriteAsync(
            tx =>
            {
                UserStore.SetPassword(tx, Find(tx, name).Number, hash);
                tx.AfterCommit(book.Invalidate);
            },
            cancellation
        );
    }

    /// <summary>Gives a user power over the whole server, or takes it back; one who has it always remains.</summary>
    public async Task SetAdminAsync(Caller caller, string name, bool isAdmin, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Server);
        await db.WriteAsync(
            tx =>
            {
                var user = Find(tx, name);
                if (isAdmin)
                    GrantStore.Put(tx, Holder.User(user.Number), "", Resource.Server, Level.Manage, NowMs);
                else
                {
                    KeepOneAdmin(tx, user);
                    GrantStore.Take(tx, Holder.User(user.Number), "", Resource.Server, NowMs);
                }
                tx.AfterCommit(book.Invalidate);
            },
            cancellation
        );
    }

    /// <summary>Removes a user with their tokens and grants; what they made stays.</summary>
    public async Task RemoveAsync(Caller caller, string name, CancellationToken cancellation = default)
    {
        caller.Require(Level.Manage, Resource.Server);
        await db.WriteAsync(
            tx =>
            {
                var user = Find(tx, name);
                KeepOneAdmin(tx, user);
                UserStore.Remove(tx, user.Number, NowMs);
                tx.AfterCommit(book.Invalidate);
            },
            cancellation
        );
    }

    internal static User Find(Tx tx, string name) => UserStore.Find(tx, name) ?? throw NotFound(name);

    internal static void RequireSelfOrAdmin(Caller caller, string name)
    {
        if (caller.UserNumber == 0 || caller.User != name)
            caller.Require(Level.Manage, Resource.Server);
    }

    private long NowMs => clock.GetUtcNow().ToUnixTimeMilliseconds();

    private async Task<User> AddAsync(
        string name,
        string password,
        string workspace,
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
        return await db.WriteAsync(
            tx =>
            {
                tx.Lock("identity_users");
                if (UserStore.Find(tx, name) is not null)
                    throw Fault.Conflict("user.exists", $"User (username={name}) already exists.");
                var user = UserStore.Insert(tx, name, hash, installed, NowMs);
                var holder = Holder.User(user.Number);
                GrantStore.Put(tx, holder, workspace, Resource.Workspace(workspace), level, NowMs);
                if (isAdmin)
                    GrantStore.Put(tx, holder, "", Resource.Server, Level.Manage, NowMs);
                tx.AfterCommit(book.Invalidate);
                return user with { IsAdmin = isAdmin };
            },
            cancellation
        );
    }

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

    private static Fault NotFound(string name) =>
        Fault.NotFound("user.not_found", $"User with username={name} not found");
}
