using Slipway.Foundation.Sql;

namespace Slipway.Identity.Storage;

internal static class WorkspaceStore
{
    private const string Columns = "name, description, created_ms";

    public static Workspace? Find(Tx tx, string name) =>
        tx.One($"select {Columns} from identity_workspaces where name = @name", Read, ("name", name));

    public static List<Workspace> All(Tx tx) =>
        tx.Many($"select {Columns} from identity_workspaces order by name", Read);

    public static void Insert(Tx tx, Workspace workspace)
    {
        tx.Execute(
            $"insert into identity_workspaces ({Columns}) values (@name, @description, @created_ms)",
            ("name", workspace.Name),
            ("description", workspace.Description),
            ("created_ms", workspace.CreatedMs)
        );
        PeopleVersion.Grow(tx);
    }

    public static void Update(Tx tx, Workspace workspace) =>
        tx.Execute(
            "update identity_workspaces set description = @description where name = @name",
            ("description", workspace.Description),
            ("name", workspace.Name)
        );

    private static Workspace Read(Row r) => new(r.Text(0), r.Text(1), r.Long(2));
}
