using Slipway.Foundation.Sql;

namespace Slipway.Governance.Storage;

/// <summary>Decisions about versions; they are added and never changed.</summary>
internal static class DecisionStore
{
    private const string Columns = "decision_no, status, actor, reason, decided_ms, digest, policy_no";

    public static Decision? Last(Tx tx, long modelNumber, int version) =>
        tx.One(
            $"select {Columns} from governance_decisions where model_no = @model_no and version = @version order by decision_no desc limit 1",
            Read,
            ("model_no", modelNumber),
            ("version", version)
        );

    public static List<Decision> All(Tx tx, long modelNumber, int version) =>
        tx.Many(
            $"select {Columns} from governance_decisions where model_no = @model_no and version = @version order by decision_no desc",
            Read,
            ("model_no", modelNumber),
            ("version", version)
        );

    /// <summary>The versions whose last decision is an approval, the newest in front.</summary>
    public static List<int> ApprovedVersions(Tx tx, long modelNumber) =>
        tx.Many(
            "select d.version from governance_decisions d where d.model_no = @model_no and d.status = 1 "
                + "and not exists (select 1 from governance_decisions l where l.model_no = d.model_no "
                + "and l.version = d.version and l.decision_no > d.decision_no) order by d.version desc",
            r => r.Int(0),
            ("model_no", modelNumber)
        );

    public static void Add(Tx tx, long modelNumber, int version, Decision decision) =>
        tx.Execute(
            $"insert into governance_decisions (model_no, version, {Columns}) "
                + "values (@model_no, @version, @decision_no, @status, @actor, @reason, @decided_ms, @digest, @policy_no)",
            ("model_no", modelNumber),
            ("version", version),
            ("decision_no", decision.Number),
            ("status", (int)decision.Status),
            ("actor", decision.Actor),
            ("reason", decision.Reason),
            ("decided_ms", decision.DecidedMs),
            ("digest", decision.Digest),
            ("policy_no", decision.PolicyNumber)
        );

    private static Decision Read(Row r) =>
        new()
        {
            Number = r.Int(0),
            Status = (ApprovalStatus)r.Int(1),
            Actor = r.Text(2),
            Reason = r.Text(3),
            DecidedMs = r.Long(4),
            Digest = r.Text(5),
            PolicyNumber = r.Int(6),
        };
}
