using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

internal static class GrantStore
{
    private const string Columns = "grant_no, holder_kind, holder_no, workspace, kind, resource, level, given_ms";

    private const string Key =
        "holder_kind = @holder_kind and holder_no = @holder_no and workspace = @workspace and kind = @kind and resource = @resource";

    private static readonly string Select =
        "select g.grant_no, g.holder_kind, g.holder_no, g.workspace, g.kind, g.resource, g.level, g.given_ms, "
        + "coalesce(u.name, r.name, '') from identity_grants g "
        + $"left join identity_users u on g.holder_kind = {(int)HolderKind.User} and u.user_no = g.holder_no "
        + $"left join identity_roles r on g.holder_kind = {(int)HolderKind.Role} and r.role_no = g.holder_no "
        + "where g.level is not null";

    public static Grant? Find(Tx tx, Holder holder, string workspace, Resource resource) =>
        tx.One(
            $"{Select} and g.holder_kind = @holder_kind and g.holder_no = @holder_no and g.workspace = @workspace "
                + "and g.kind = @kind and g.resource = @resource",
            Read,
            ("holder_kind", (int)holder.Kind),
            ("holder_no", holder.Number),
            ("workspace", workspace),
            ("kind", (int)resource.Kind),
            ("resource", resource.Id)
        );

    /// <summary>A grant of a role by its number.</summary>
    public static Grant? FindOfRole(Tx tx, long number) =>
        tx.One(
            $"{Select} and g.holder_kind = @role and g.grant_no = @number",
            Read,
            ("role", (int)HolderKind.Role),
            ("number", number)
        );

    public static List<Grant> Of(Tx tx, Holder holder) =>
        tx.Many(
            $"{Select} and g.holder_kind = @holder_kind and g.holder_no = @holder_no "
                + "order by g.grant_no, g.workspace, g.kind, g.resource",
            Read,
            ("holder_kind", (int)holder.Kind),
            ("holder_no", holder.Number)
        );

    /// <summary>Who was given something on a resource.</summary>
    public static List<Grant> On(Tx tx, string workspace, Resource resource) =>
        tx.Many(
            $"{Select} and g.workspace = @workspace and g.kind = @kind and g.resource = @resource "
                + "order by g.holder_kind, g.holder_no",
            Read,
            ("workspace", workspace),
            ("kind", (int)resource.Kind),
            ("resource", resource.Id)
        );

    /// <summary>Gives a grant, in place of the one the holder has on the resource, if any.</summary>
    public static Grant Put(Tx tx, Holder holder, string workspace, Resource resource, Level level, long nowMs)
    {
        var number =
            Find(tx, holder, workspace, resource)?.Number ?? (holder.Kind == HolderKind.Role ? NextNumber(tx) : 0);
        tx.Execute(
            $"insert into identity_grants ({Columns}, changed) values (@grant_no, @holder_kind, @holder_no, @workspace, @kind, @resource, @level, @given_ms, @changed) "
                + "on conflict (holder_kind, holder_no, workspace, kind, resource) do update set "
                + "grant_no = excluded.grant_no, level = excluded.level, given_ms = excluded.given_ms, changed = excluded.changed",
            ("grant_no", number),
            ("holder_kind", (int)holder.Kind),
            ("holder_no", holder.Number),
            ("workspace", workspace),
            ("kind", (int)resource.Kind),
            ("resource", resource.Id),
            ("level", (int)level),
            ("given_ms", nowMs),
            ("changed", tx.Stamp)
        );
        return Find(tx, holder, workspace, resource)!;
    }

    public static void Take(Tx tx, Holder holder, string workspace, Resource resource, long nowMs) =>
        tx.Execute(
            $"update identity_grants set level = null, given_ms = @now_ms, changed = @changed where {Key}",
            ("now_ms", nowMs),
            ("changed", tx.Stamp),
            ("holder_kind", (int)holder.Kind),
            ("holder_no", holder.Number),
            ("workspace", workspace),
            ("kind", (int)resource.Kind),
            ("resource", resource.Id)
        );

    /// <summary>Takes back all that anybody was given on a resource.</summary>
    public static void TakeAll(Tx tx, string workspace, Resource resource, long nowMs) =>
        tx.Execute(
            "update identity_grants set level = null, given_ms = @now_ms, changed = @changed "
                + "where workspace = @workspace and kind = @kind and resource = @resource and level is not null",
            ("now_ms", nowMs),
            ("changed", tx.Stamp),
            ("workspace", workspace),
            ("kind", (int)resource.Kind),
            ("resource", resource.Id)
        );

    /// <summary>Takes back all that a holder was given, so that nobody who gets its number later has it.</summary>
    public static void TakeAllOf(Tx tx, Holder holder, long nowMs) =>
        tx.Execute(
            "update identity_grants set level = null, given_ms = @now_ms, changed = @changed "
                + "where holder_kind = @holder_kind and holder_no = @holder_no and level is not null",
            ("now_ms", nowMs),
            ("changed", tx.Stamp),
            ("holder_kind", (int)holder.Kind),
            ("holder_no", holder.Number)
        );

    /// <summary>Drops the traces of grants taken back before a moment that every running server has passed.</summary>
    public static void DropTaken(Tx tx, long beforeMs) =>
        tx.Execute(
            "delete from identity_grants where level is null and given_ms < @before_ms",
            ("before_ms", beforeMs)
        );

    private static long NextNumber(Tx tx) =>
        tx.One("select coalesce(max(grant_no), 0) + 1 from identity_grants where level is not null", r => r.Long(0));

    private static Grant Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Holder = new Holder((HolderKind)r.Int(1), r.Long(2)),
            Workspace = r.Text(3),
            Resource = new Resource((ResourceKind)r.Int(4), r.Text(5)),
            Level = (Level)r.Int(6),
            GivenMs = r.Long(7),
            HolderName = r.Text(8),
        };
}
