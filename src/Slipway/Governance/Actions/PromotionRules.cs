using System.Text;
using Slipway.Foundation.Sql;
using Slipway.Governance.Signing;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Registry;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>
/// What is asked before a version gets an alias or a stage that is at work: that a scan of its files found nothing, that
/// nobody rejected it, and whatever the policy of the workspace demands besides. All of it is read inside the
/// transaction of the move, so that what it rests on still holds when the move is durable.
/// </summary>
internal sealed class PromotionRules(
    VersionScans scans,
    Standings standings,
    Func<IEnumerable<IEvaluationEvidence>> evidence,
    TimeProvider clock
) : IPromotionGate
{
    private const string OwnerTag = "owner";

    public async Task PrepareAsync(Caller caller, ModelVersion version, CancellationToken cancellation)
    {
        if (version.IsOfPrompt)
            return;
        await standings.RefreshAsync(cancellation);
        if (GovernedFiles.PlaceOf(version) is not null)
            await scans.EnsureAsync(caller, version, cancellation);
    }

    public void Require(Tx tx, Promotion promotion)
    {
        var version = promotion.Version;
        if (version.IsOfPrompt || promotion.Target is PromotionTarget.ToStage { Stage: var stage } && !stage.IsActive())
            return;
        var standing = VersionScans.StandingOf(tx, promotion.Model.Workspace, version);
        RequireScan(version, standing);
        RequireDecision(promotion, standing);
        if (standing.Policy.Signature)
            RequireSignature(version, standing);
        if (standing.Policy.Owner && !HasOwner(promotion.Model.Tags) && !HasOwner(version.Tags))
            throw Refused("promotion.owner", version, "nobody answers for it", "Set the tag 'owner' on the model.");
        if (standing.Policy.Card && standing.Cards == 0)
            throw Refused(
                "promotion.card",
                version,
                "it has no card",
                "Write one: slipway models card NAME VERSION --edit FILE."
            );
        if (standing.Policy.Evaluation)
            RequireEvaluation(tx, version, standing);
    }

    private static void RequireScan(ModelVersion version, VersionStanding standing)
    {
        if (standing.Scan is not { } scan)
        {
            if (GovernedFiles.PlaceOf(version) is not null)
                throw VersionScans.Pending(version.ModelName, version.Number);
            if (standing.Policy.Scan)
                throw Unseen(version);
            return;
        }
        if (scan.IsEmpty)
        {
            if (standing.Policy.Scan && standing.Override is null)
                throw Unseen(version);
            return;
        }
        if (scan.Verdict != ScanVerdict.Safe && standing.Override is null)
        {
            var worst = scan.Findings.MaxBy(finding => finding.Verdict)!;
            throw Refused(
                "promotion.scan",
                version,
                $"the scan of its files says {scan.Verdict.ToString().ToLowerInvariant()}: {worst.Path}: {worst.Message.TrimEnd('.')}",
                "See the findings, and register a version without them; who manages the workspace may let it through with a reason."
            );
        }
    }

    private void RequireDecision(Promotion promotion, VersionStanding standing)
    {
        var (version, policy) = (promotion.Version, standing.Policy);
        if (standing.Status == ApprovalStatus.Rejected)
            throw Refused(
                "promotion.rejected",
                version,
                $"{standing.Decision!.Actor} rejected it",
                "Promote another version, or have it approved."
            );
        if (!policy.Approval && !policy.FourEyes)
            return;
        const string Way = "Ask somebody who manages the model: slipway models approve NAME VERSION --reason TEXT.";
        var digest = standing.Scan?.Digest ?? GovernedFiles.DigestOf(version);
        if (standing.Decision is not { Status: ApprovalStatus.Approved } approval)
            throw Refused("promotion.not_approved", version, "it is not approved", Way);
        if (approval.Digest != digest)
            throw Refused("promotion.other_files", version, "its files are not the ones that were approved", Way);
        if (approval.PolicyNumber != policy.Number)
            throw Refused("promotion.other_policy", version, "it was approved under an earlier policy", Way);
        if (policy.FourEyes && approval.Actor == version.CreatedBy)
            throw Refused("promotion.four_eyes", version, "who registered it approved it", Way);
        var resource = Resource.RegisteredModel(version.ModelName);
        if (standings.LevelOf(approval.Actor, promotion.Model.Workspace, resource) < Level.Manage)
            throw Refused(
                "promotion.approver",
                version,
                $"{approval.Actor}, who approved it, may no longer do so",
                Way
            );
    }

    private void RequireSignature(ModelVersion version, VersionStanding standing)
    {
        const string Way = "Sign it: slipway models sign PATH --key FILE, and give the signature to the version.";
        if (standing.Signature is not { } signature)
            throw Refused("promotion.unsigned", version, "it is not signed", Way);
        if (signature.Digest != standing.Scan?.Digest)
            throw Refused("promotion.other_signed", version, "its files are not the ones that were signed", Way);
        // Who is trusted may have changed since the signature was given.
        SignatureCheck.Verify(
            SigningBundle.Read(Encoding.UTF8.GetBytes(signature.Bundle)),
            standing.Policy.Trusted,
            clock.GetUtcNow()
        );
    }

    private void RequireEvaluation(Tx tx, ModelVersion version, VersionStanding standing)
    {
        var digest = standing.Scan?.Digest ?? GovernedFiles.DigestOf(version);
        var answers = evidence().Select(e => e.HasPassed(tx, version, digest)).ToList();
        if (answers.Count == 0)
            throw Refused(
                "promotion.no_evaluations",
                version,
                "the policy demands an evaluation, and this server has none yet",
                "Drop the demand from the policy: slipway policy set."
            );
        if (answers.Contains(false))
            throw Refused("promotion.not_evaluated", version, "it has not passed its evaluation", "Evaluate it first.");
    }

    private static bool HasOwner(IReadOnlyDictionary<string, string> tags) =>
        tags.TryGetValue(OwnerTag, out var owner) && !string.IsNullOrWhiteSpace(owner);

    private static Fault Unseen(ModelVersion version) =>
        Refused(
            "promotion.unseen",
            version,
            "its files do not lie in this server, and the policy wants them scanned",
            "Register it from artifacts of this server."
        );

    private static Fault Refused(string code, ModelVersion version, string why, string way) =>
        new(
            FaultKind.Denied,
            code,
            $"Version {version.Number} of '{version.ModelName}' cannot be promoted: {why}.",
            way
        );
}
