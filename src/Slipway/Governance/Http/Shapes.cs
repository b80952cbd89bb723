using Slipway.Sdk;
using Slipway.Sdk.Governance;

namespace Slipway.Governance.Http;

/// <summary>Nouns into the records of the native API, and back.</summary>
internal static class Shapes
{
    public static StandingResource Of(string model, int version, VersionStanding standing) =>
        new()
        {
            Model = model,
            Version = version,
            Status = Of(standing.Status),
            Scan = standing.Scan is { } scan ? Of(scan) : null,
            Override = standing.Override is { } made ? new(made.Actor, made.Reason, made.MadeMs) : null,
            Decision = standing.Decision is { } decision ? Of(decision) : null,
            Signature = standing.Signature is { } signature ? Of(signature) : null,
            Cards = standing.Cards,
            Policy = Of(standing.Policy),
        };

    public static ScanResource Of(VersionScan scan) =>
        new()
        {
            Verdict = Word(scan.Verdict),
            Digest = scan.Digest,
            Findings = [.. scan.Findings.Select(f => new FindingResource(f.Path, Word(f.Verdict), f.Rule, f.Message))],
            Files = [.. scan.Files.Select(Of)],
            ScannedMs = scan.ScannedMs,
        };

    public static FileResource Of(FileDigest file) => new(file.Path, file.SizeBytes, file.Sha256);

    public static SignatureResource Of(VersionSignature signature) =>
        new(signature.Signer, signature.Method, signature.Digest, signature.Actor, signature.SignedMs);

    public static VerifiedResource Of(VerifiedSignature verified) =>
        new(verified.Signer, verified.Method, verified.RootDigest, verified.Files);

    public static DecisionResource Of(Decision decision) =>
        new()
        {
            Number = decision.Number,
            Status = Of(decision.Status),
            Actor = decision.Actor,
            Reason = decision.Reason,
            DecidedMs = decision.DecidedMs,
            Digest = decision.Digest,
            PolicyNumber = decision.PolicyNumber,
        };

    public static PolicyResource Of(Policy policy) =>
        new()
        {
            Number = policy.Number,
            Approval = policy.Approval,
            FourEyes = policy.FourEyes,
            Evaluation = policy.Evaluation,
            Signature = policy.Signature,
            Owner = policy.Owner,
            Card = policy.Card,
            Scan = policy.Scan,
            TrustedKeys = policy.Trusted.Keys,
            TrustedAuthorities = policy.Trusted.Authorities,
        };

    public static Policy Read(PolicyResource policy) =>
        new()
        {
            Approval = policy.Approval,
            FourEyes = policy.FourEyes,
            Evaluation = policy.Evaluation,
            Signature = policy.Signature,
            Owner = policy.Owner,
            Card = policy.Card,
            Scan = policy.Scan,
            Trusted = new TrustRoots(policy.TrustedKeys, policy.TrustedAuthorities),
        };

    public static LineageResource Of(LineageGraph graph) =>
        new()
        {
            Root = Of(graph.Root),
            Nodes = [.. graph.Nodes.Select(Of)],
            Edges = [.. graph.Edges.Select(e => new LineageEdgeResource(Of(e.From), Of(e.To), e.Relation))],
            Cut = graph.IsCut,
        };

    private static LineageNodeResource Of(LineageNode node) => new(node.Kind, node.Id, node.Label);

    public static ApprovalStatus ReadStatus(string text) =>
        text switch
        {
            "pending" => ApprovalStatus.Pending,
            "approved" => ApprovalStatus.Approved,
            "rejected" => ApprovalStatus.Rejected,
            _ => throw Fault.Invalid("approval.status", $"'{text}' is not pending, approved or rejected.", "status"),
        };

    private static string Of(ApprovalStatus status) =>
        status switch
        {
            ApprovalStatus.Approved => "approved",
            ApprovalStatus.Rejected => "rejected",
            _ => "pending",
        };

    private static string Word(ScanVerdict verdict) =>
        verdict switch
        {
            ScanVerdict.Safe => "safe",
            ScanVerdict.Unscannable => "unscannable",
            _ => "unsafe",
        };
}
