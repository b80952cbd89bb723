using Slipway.Foundation.Sql;
using Slipway.Registry;

namespace Slipway.Governance;

/// <summary>
/// Answers whether a version has passed its evaluation: a question of policies that the slice of evaluations answers. While
/// nobody does, a policy that demands an evaluation refuses.
/// </summary>
public interface IEvaluationEvidence
{
    bool HasPassed(Tx tx, ModelVersion version, string filesDigest);
}
