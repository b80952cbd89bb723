using System.Security.Cryptography;
using Slipway.Governance;
using Slipway.Governance.Actions;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using static Slipway.Tests.Governance.GovernanceFixture;

namespace Slipway.Tests.Governance.Actions;

public sealed class PromotionRulesTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_version_whose_scan_found_nothing_is_promoted(string kind)
    {
        await using var fixture = await OpenAsync(kind);
        var version = await fixture.RegisterSafeAsync();
        await fixture.PromoteAsync(version);
        Assert.Equal(version, await fixture.MeantByAsync());
        await fixture.Registry.Versions.MoveAsync(
            fixture.Author,
            "fares",
            version,
            Stage.Production,
            archiveOthers: false
        );
        var standing = await fixture.Scans.StandingAsync(fixture.Author, "fares", version);
        Assert.Equal(ScanVerdict.Safe, standing.Scan!.Verdict);
        Assert.Equal(["MLmodel", "notes.txt"], standing.Scan.Files.Select(f => f.Path));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_unsafe_version_is_not_promoted_until_an_administrator_lets_these_files_through(string kind)
    {
        await using var fixture = await OpenAsync(kind);
        var version = await fixture.RegisterAsync(("model.pkl", Pickle));
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.PromoteAsync(version));
        Assert.Equal((FaultKind.Denied, "promotion.scan"), (fault.Kind, fault.Code));
        Assert.Contains("posix.system", fault.Message);
        await RefusesAsync(
            "promotion.scan",
            () =>
                fixture.Registry.Versions.MoveAsync(
                    fixture.Author,
                    "fares",
                    version,
                    Stage.Staging,
                    archiveOthers: false
                )
        );
        Assert.Null(await fixture.MeantByAsync());
        var editor = new Caller("ed", "default", r => r.Kind == ResourceKind.Workspace ? Level.Edit : Level.Manage);
        await RefusesAsync("identity.denied", () => fixture.Scans.OverrideAsync(editor, "fares", version, "please"));
        await RefusesAsync(
            "governance.reason",
            () => fixture.Scans.OverrideAsync(fixture.Reviewer, "fares", version, " ")
        );
        await fixture.Scans.OverrideAsync(fixture.Reviewer, "fares", version, "made by us, read line by line");
        await fixture.PromoteAsync(version);
        Assert.Contains(
            await fixture.Registry.EventsAsync(),
            e => e.Kind == GovernanceEvents.ScanOverridden && e.Payload.Contains("line by line")
        );
        // Other files were not let through.
        await fixture.ChangeAsync(1, "model.pkl", Pickle + "N.");
        await RefusesAsync("promotion.scan", () => fixture.PromoteAsync(version, "other"));
    }

    [Fact]
    public async Task Leaving_a_stage_is_never_refused_and_prompts_are_not_asked()
    {
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterAsync(("model.pkl", Pickle));
        await fixture.Registry.Versions.MoveAsync(
            fixture.Author,
            "fares",
            version,
            Stage.Archived,
            archiveOthers: false
        );
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Approval = true, Scan = true });
        await fixture.Registry.RegisterAsync("greeting", 0, (RegisteredModel.PromptTag, "true"));
        var prompt = await fixture.Registry.AddAsync(
            "greeting",
            "prompt-template",
            (RegisteredModel.PromptTag, "true")
        );
        await fixture.Registry.Aliases.SetAsync(fixture.Author, "greeting", "live", prompt);
    }

    [Fact]
    public async Task Files_elsewhere_are_not_looked_at_unless_the_policy_wants_it()
    {
        await using var fixture = await OpenAsync();
        await fixture.Registry.RegisterAsync("far", 1);
        await fixture.Registry.Aliases.SetAsync(fixture.Author, "far", "champion", 1);
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Scan = true });
        await RefusesAsync(
            "promotion.unseen",
            () => fixture.Registry.Aliases.SetAsync(fixture.Author, "far", "next", 1)
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_approval_counts_for_the_files_the_policy_and_the_approver_it_was_given_with(string kind)
    {
        await using var fixture = await OpenAsync(kind);
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Approval = true, FourEyes = true });
        var version = await fixture.RegisterSafeAsync();
        await RefusesAsync("promotion.not_approved", () => fixture.PromoteAsync(version));
        await RefusesAsync("approval.own_version", () => fixture.ApproveAsync(version, fixture.Author));
        await fixture.ApproveAsync(version);
        await fixture.PromoteAsync(version);
        await fixture.ChangeAsync(1, "notes.txt", "changed since");
        await RefusesAsync("promotion.other_files", () => fixture.PromoteAsync(version, "second"));
        await fixture.ApproveAsync(version);
        await fixture.PromoteAsync(version, "second");
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Approval = true });
        await RefusesAsync("promotion.other_policy", () => fixture.PromoteAsync(version, "third"));
        await fixture.ApproveAsync(version, new Caller("gone", "default", _ => Level.Manage));
        await RefusesAsync("promotion.approver", () => fixture.PromoteAsync(version, "third"));
        await fixture.ApproveAsync(version);
        await fixture.PromoteAsync(version, "third");
    }

    [Fact]
    public async Task Who_approved_a_version_before_four_eyes_were_demanded_is_not_enough()
    {
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterSafeAsync();
        await fixture.ApproveAsync(version, fixture.Author);
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { FourEyes = true });
        await RefusesAsync("promotion.other_policy", () => fixture.PromoteAsync(version));
    }

    [Fact]
    public async Task A_decision_about_files_that_were_looked_at_refuses_others()
    {
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterSafeAsync();
        var seen = (await fixture.Scans.ScanAsync(fixture.Author, "fares", version)).Digest;
        await fixture.ChangeAsync(1, "notes.txt", "changed since");
        await RefusesAsync(
            "approval.other_files",
            () =>
                fixture.Approvals.DecideAsync(fixture.Reviewer, "fares", version, ApprovalStatus.Approved, "fine", seen)
        );
        var viewer = new Caller("vi", "default", _ => Level.Edit);
        await RefusesAsync("identity.denied", () => fixture.ApproveAsync(version, viewer));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Rejecting_a_version_brings_back_the_newest_that_is_approved(string kind)
    {
        await using var fixture = await OpenAsync(kind);
        for (var i = 1; i <= 4; i++)
            await fixture.RegisterSafeAsync();
        foreach (var approved in (int[])[1, 2, 4])
            await fixture.ApproveAsync(approved);
        await fixture.PromoteAsync(4);
        await fixture.PromoteAsync(3, "trial");
        await fixture.Registry.Versions.MoveAsync(fixture.Author, "fares", 4, Stage.Production, archiveOthers: false);
        await fixture.RejectAsync(4);
        Assert.Equal(2, await fixture.MeantByAsync());
        Assert.Equal(3, await fixture.MeantByAsync("trial"));
        Assert.Equal(Stage.Archived, (await fixture.Registry.Versions.GetAsync(fixture.Author, "fares", 4)).Stage);
        await RefusesAsync("promotion.rejected", () => fixture.PromoteAsync(4));
        await fixture.RejectAsync(2);
        await fixture.RejectAsync(1);
        Assert.Null(await fixture.MeantByAsync());
        await fixture.ApproveAsync(4);
        await fixture.PromoteAsync(4);
        Assert.Equal(
            [ApprovalStatus.Approved, ApprovalStatus.Rejected, ApprovalStatus.Approved],
            (await fixture.Approvals.HistoryAsync(fixture.Author, "fares", 4)).Select(d => d.Status)
        );
    }

    [Fact]
    public async Task A_rejected_version_stays_so_when_its_files_change()
    {
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterSafeAsync();
        await fixture.RejectAsync(version);
        await fixture.ChangeAsync(1, "notes.txt", "changed since");
        await RefusesAsync("promotion.rejected", () => fixture.PromoteAsync(version));
    }

    [Fact]
    public async Task A_demanded_evaluation_refuses_while_nobody_answers_and_where_one_was_not_passed()
    {
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterSafeAsync();
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Evaluation = true });
        await RefusesAsync("promotion.no_evaluations", () => fixture.PromoteAsync(version));
        var answer = new Answer();
        fixture.Evidence.Add(answer);
        await RefusesAsync("promotion.not_evaluated", () => fixture.PromoteAsync(version));
        answer.Passed = true;
        await fixture.PromoteAsync(version);
    }

    [Fact]
    public async Task An_owner_and_a_card_are_demanded_by_the_policy()
    {
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterSafeAsync();
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Owner = true });
        await RefusesAsync("promotion.owner", () => fixture.PromoteAsync(version));
        await fixture.Registry.Models.SetTagAsync(fixture.Author, "fares", "owner", "risk team");
        await fixture.PromoteAsync(version);
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Card = true });
        await RefusesAsync("promotion.card", () => fixture.PromoteAsync(version, "second"));
    }

    [Fact]
    public async Task A_signature_counts_for_its_files_while_its_signer_is_trusted()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterSafeAsync();
        var policy = new Policy
        {
            Signature = true,
            Trusted = new TrustRoots([key.ExportSubjectPublicKeyInfoPem()], []),
        };
        await RefusesAsync(
            "policy.no_trust",
            () => fixture.Policies.SetAsync(fixture.Reviewer, policy with { Trusted = TrustRoots.None })
        );
        await RefusesAsync(
            "signature.private_key",
            () =>
                fixture.Policies.SetAsync(
                    fixture.Reviewer,
                    policy with
                    {
                        Trusted = new TrustRoots([key.ExportPkcs8PrivateKeyPem()], []),
                    }
                )
        );
        await fixture.Policies.SetAsync(fixture.Reviewer, policy);
        await RefusesAsync("promotion.unsigned", () => fixture.PromoteAsync(version));
        var manifest = await fixture.Signatures.ManifestAsync(fixture.Author, "fares", version);
        await RefusesAsync("signature.untrusted", () => AttachAsync(fixture, version, manifest, stranger));
        await AttachAsync(fixture, version, manifest, key);
        await fixture.PromoteAsync(version);
        Assert.Equal(2, (await fixture.Signatures.VerifyAsync(fixture.Author, "fares", version)).Files);
        await fixture.ChangeAsync(1, "notes.txt", "flipped");
        await RefusesAsync(
            "signature.file_changed",
            () => fixture.Signatures.VerifyAsync(fixture.Author, "fares", version)
        );
        await RefusesAsync("promotion.other_signed", () => fixture.PromoteAsync(version, "second"));
        // A signature of one version is none of another.
        var other = await fixture.RegisterSafeAsync();
        await RefusesAsync("signature.file_changed", () => AttachAsync(fixture, other, manifest, key));
        var trusted = new TrustRoots([stranger.ExportSubjectPublicKeyInfoPem()], []);
        await AttachAsync(fixture, other, await fixture.Signatures.ManifestAsync(fixture.Author, "fares", other), key);
        await fixture.Policies.SetAsync(fixture.Reviewer, policy with { Trusted = trusted });
        await RefusesAsync("signature.untrusted", () => fixture.PromoteAsync(other));
    }

    private static Task AttachAsync(GovernanceFixture fixture, int version, ModelManifest manifest, ECDsa key) =>
        fixture.Signatures.AttachAsync(
            fixture.Author,
            "fares",
            version,
            ModelSigning.Sign(manifest, "fares", new SignerKey(key.ExportPkcs8PrivateKeyPem()))
        );

    private sealed class Answer : IEvaluationEvidence
    {
        public bool Passed { get; set; }

        public bool HasPassed(Slipway.Foundation.Sql.Tx tx, ModelVersion version, string filesDigest) => Passed;
    }
}
