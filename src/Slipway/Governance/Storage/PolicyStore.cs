using Slipway.Foundation.Sql;

namespace Slipway.Governance.Storage;

/// <summary>The policies of workspaces, every one that ever held.</summary>
internal static class PolicyStore
{
    public static Policy Current(Tx tx, string workspace) =>
        tx.One(
            "select policy_no, document, actor, set_ms from governance_policies where workspace = @workspace order by policy_no desc limit 1",
            Read,
            ("workspace", workspace)
        )?.Policy
        ?? Policy.Initial;

    public static List<PolicyChange> All(Tx tx, string workspace) =>
        tx.Many(
            "select policy_no, document, actor, set_ms from governance_policies where workspace = @workspace order by policy_no desc",
            Read,
            ("workspace", workspace)
        );

    public static void Add(Tx tx, string workspace, PolicyChange change) =>
        tx.Execute(
            "insert into governance_policies (workspace, policy_no, document, actor, set_ms) "
                + "values (@workspace, @policy_no, @document, @actor, @set_ms)",
            ("workspace", workspace),
            ("policy_no", change.Policy.Number),
            ("document", Documents.Write(change.Policy)),
            ("actor", change.Actor),
            ("set_ms", change.SetMs)
        );

    private static PolicyChange Read(Row r) =>
        new(Documents.ReadPolicy(r.Text(1)) with { Number = r.Int(0) }, r.Text(2), r.Long(3));
}
