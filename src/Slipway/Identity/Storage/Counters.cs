using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

/// <summary>Numbers that are given out once and never again, and the number that tells that people have changed.</summary>
internal static class Counters
{
    public const string User = "user";
    public const string Role = "role";
    public const string RoleGrant = "role_grant";
    public const string Member = "member";

    /// <summary>Grows with every change to users, tokens, roles, memberships and workspaces.</summary>
    private const string People = "people";

    public static long Next(Tx tx, string counter) =>
        tx.One(
            "insert into identity_counters (name, value) values (@name, 1) "
                + "on conflict (name) do update set value = identity_counters.value + 1 returning value",
            r => r.Long(0),
            ("name", counter)
        );

    public static void PeopleChanged(Tx tx) => Next(tx, People);

    public static long PeopleVersion(Tx tx) =>
        tx.One("select value from identity_counters where name = @name", r => r.Long(0), ("name", People));

    /// <summary>Starts the numbers anew after a reset; users go on behind those who stay.</summary>
    public static void Restart(Tx tx)
    {
        tx.Execute("delete from identity_counters where name <> @people", ("people", People));
        tx.Execute(
            "insert into identity_counters (name, value) select @name, coalesce(max(user_no), 0) from identity_users",
            ("name", User)
        );
        PeopleChanged(tx);
    }
}
