using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

internal static class UserStore
{
    private static readonly string Select =
        "select u.user_no, u.name, u.created_ms, (select count(*) from identity_grants g "
        + $"where g.holder_kind = {(int)HolderKind.User} and g.holder_no = u.user_no and g.workspace = '' "
        + $"and g.kind = {(int)ResourceKind.Server} and g.level = {(int)Level.Manage}) from identity_users u";

    public static User? Find(Tx tx, string name) => tx.One($"{Select} where u.name = @name", Read, ("name", name));

    public static User? Find(Tx tx, long number) =>
        tx.One($"{Select} where u.user_no = @number", Read, ("number", number));

    public static List<User> All(Tx tx) => tx.Many($"{Select} order by u.user_no", Read);

    public static bool Any(Tx tx) => tx.One("select 1 from identity_users limit 1", _ => true);

    /// <summary>Hold the lock on users, so that no two get one number. An installed user was set up by whoever runs the server, and outlives a reset.</summary>
    public static User Insert(Tx tx, string name, string passwordHash, bool installed, long nowMs)
    {
        var user = new User
        {
            Number = tx.One("select coalesce(max(user_no), 0) + 1 from identity_users", r => r.Long(0)),
            Name = name,
            CreatedMs = nowMs,
        };
        tx.Execute(
            "insert into identity_users (user_no, name, password, installed, created_ms) values (@user_no, @name, @password, @installed, @created_ms)",
            ("user_no", user.Number),
            ("name", name),
            ("password", passwordHash),
            ("installed", installed),
            ("created_ms", nowMs)
        );
        PeopleVersion.Grow(tx);
        return user;
    }

    public static void SetPassword(Tx tx, long number, string passwordHash)
    {
        tx.Execute(
            "update identity_users set password = @password where user_no = @user_no",
            ("password", passwordHash),
            ("user_no", number)
        );
        PeopleVersion.Grow(tx);
    }

    /// <summary>Removes the user with everything they hold.</summary>
    public static void Remove(Tx tx, long number, long nowMs)
    {
        tx.Execute("delete from identity_tokens where user_no = @user_no", ("user_no", number));
        tx.Execute("delete from identity_members where user_no = @user_no", ("user_no", number));
        GrantStore.TakeAllOf(tx, Holder.User(number), nowMs);
        tx.Execute("delete from identity_users where user_no = @user_no", ("user_no", number));
        PeopleVersion.Grow(tx);
    }

    /// <summary>Back to what was installed: those users with their tokens and their power over the server.</summary>
    public static void Reset(Tx tx)
    {
        const string Installed = "select user_no from identity_users where installed = 1";
        tx.Execute($"delete from identity_tokens where user_no not in ({Installed})");
        tx.Execute(
            $"delete from identity_grants where kind <> @server or level is null or holder_no not in ({Installed})",
            ("server", (int)ResourceKind.Server)
        );
        tx.Execute("delete from identity_users where installed = 0");
        PeopleVersion.Grow(tx);
    }

    private static User Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Name = r.Text(1),
            CreatedMs = r.Long(2),
            IsAdmin = r.Flag(3),
        };
}
