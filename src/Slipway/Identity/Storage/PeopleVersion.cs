using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

/// <summary>One number that grows with every change to users, tokens, roles, memberships and workspaces.</summary>
internal static class PeopleVersion
{
    public static void Ensure(Tx tx) =>
        tx.Execute("insert into identity_version (number) select 1 where not exists (select 1 from identity_version)");

    public static void Grow(Tx tx) => tx.Execute("update identity_version set number = number + 1");

    public static long Read(Tx tx) => tx.One("select number from identity_version", r => r.Long(0));
}
