using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

internal static class RoleStore
{
    private const string Columns = "role_no, workspace, name, description";

    public static Role? Find(Tx tx, long number) =>
        WithGrants(
            tx,
            tx.One($"select {Columns} from identity_roles where role_no = @role_no", Read, ("role_no", number))
        );

    public static Role? FindByName(Tx tx, string workspace, string name) =>
        tx.One(
            $"select {Columns} from identity_roles where workspace = @workspace and name = @name",
            Read,
            ("workspace", workspace),
            ("name", name)
        );

    public static List<Role> All(Tx tx) =>
        [.. tx.Many($"select {Columns} from identity_roles order by role_no", Read).Select(r => WithGrants(tx, r)!)];

    public static List<Role> In(Tx tx, string workspace) =>
        [
            .. tx.Many(
                    $"select {Columns} from identity_roles where workspace = @workspace order by role_no",
                    Read,
                    ("workspace", workspace)
                )
                .Select(r => WithGrants(tx, r)!),
        ];

    public static List<Role> OfUser(Tx tx, long userNumber) =>
        [
            .. tx.Many(
                    $"select {Columns} from identity_roles where role_no in (select role_no from identity_members where user_no = @user_no) order by role_no",
                    Read,
                    ("user_no", userNumber)
                )
                .Select(r => WithGrants(tx, r)!),
        ];

    public static Role Insert(Tx tx, string workspace, string name, string? description)
    {
        var role = new Role
        {
            Number = tx.One("select coalesce(max(role_no), 0) + 1 from identity_roles", r => r.Long(0)),
            Workspace = workspace,
            Name = name,
            Description = description,
        };
        tx.Execute(
            $"insert into identity_roles ({Columns}) values (@role_no, @workspace, @name, @description)",
            ("role_no", role.Number),
            ("workspace", workspace),
            ("name", name),
            ("description", description)
        );
        PeopleVersion.Grow(tx);
        return role;
    }

    public static void Update(Tx tx, Role role) =>
        tx.Execute(
            "update identity_roles set name = @name, description = @description where role_no = @role_no",
            ("name", role.Name),
            ("description", role.Description),
            ("role_no", role.Number)
        );

    public static void Remove(Tx tx, long number, long nowMs)
    {
        tx.Execute("delete from identity_members where role_no = @role_no", ("role_no", number));
        GrantStore.TakeAllOf(tx, Holder.Role(number), nowMs);
        tx.Execute("delete from identity_roles where role_no = @role_no", ("role_no", number));
        PeopleVersion.Grow(tx);
    }

    public static Membership? FindMember(Tx tx, long number, long userNumber) =>
        tx.One(
            "select m.member_no, m.role_no, m.user_no, u.name from identity_members m join identity_users u on u.user_no = m.user_no "
                + "where m.role_no = @role_no and m.user_no = @user_no",
            ReadMember,
            ("role_no", number),
            ("user_no", userNumber)
        );

    public static List<Membership> Members(Tx tx, long number) =>
        tx.Many(
            "select m.member_no, m.role_no, m.user_no, u.name from identity_members m join identity_users u on u.user_no = m.user_no "
                + "where m.role_no = @role_no order by m.member_no",
            ReadMember,
            ("role_no", number)
        );

    public static Membership AddMember(Tx tx, long number, User user)
    {
        var next = tx.One("select coalesce(max(member_no), 0) + 1 from identity_members", r => r.Long(0));
        var member = new Membership(next, number, user.Number, user.Name);
        tx.Execute(
            "insert into identity_members (role_no, user_no, member_no) values (@role_no, @user_no, @member_no)",
            ("role_no", number),
            ("user_no", user.Number),
            ("member_no", member.Number)
        );
        PeopleVersion.Grow(tx);
        return member;
    }

    public static void RemoveMember(Tx tx, long number, long userNumber)
    {
        tx.Execute(
            "delete from identity_members where role_no = @role_no and user_no = @user_no",
            ("role_no", number),
            ("user_no", userNumber)
        );
        PeopleVersion.Grow(tx);
    }

    private static Role? WithGrants(Tx tx, Role? role) =>
        role is null ? null : role with { Grants = GrantStore.Of(tx, Holder.Role(role.Number)) };

    private static Role Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Workspace = r.Text(1),
            Name = r.Text(2),
            Description = r.TextOrNull(3),
        };

    private static Membership ReadMember(Row r) => new(r.Long(0), r.Long(1), r.Long(2), r.Text(3));
}
