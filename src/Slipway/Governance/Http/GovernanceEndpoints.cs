using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Governance.Actions;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Sdk.Governance;

namespace Slipway.Governance.Http;

/// <summary>The native API of what was found, decided and signed of versions, and of policies.</summary>
internal sealed class GovernanceEndpoints(
    VersionScans scans,
    Approvals approvals,
    VersionSignatures signatures,
    Policies policies
)
{
    public const string Version = "/api/v1/models/{name}/versions/{version}";

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new GovernanceEndpoints(
            services.GetRequiredService<VersionScans>(),
            services.GetRequiredService<Approvals>(),
            services.GetRequiredService<VersionSignatures>(),
            services.GetRequiredService<Policies>()
        );
        var api = new ApiRoutes(app, GovernanceJson.Default);
        api.Map<StandingResource>("GET", $"{Version}/governance", here.GetStanding);
        api.Map<IReadOnlyList<FileResource>>("GET", $"{Version}/files", here.ListSignedFiles);
        api.Map<ScanResource>("POST", $"{Version}/scan", here.Scan);
        api.Map<ReasonRequest>("POST", $"{Version}/scan/override", here.Override);
        api.Map<IReadOnlyList<DecisionResource>>("GET", $"{Version}/decisions", here.ListDecisions);
        api.Map<DecisionRequest, DecisionResource>("POST", $"{Version}/decisions", here.Decide).Creates();
        api.Map<JsonElement>("GET", $"{Version}/signature", here.GetSignature);
        api.Map<JsonElement, SignatureResource>("PUT", $"{Version}/signature", here.Sign);
        api.Map<VerifiedResource>("POST", $"{Version}/signature/verify", here.Verify);
        api.Map<PolicyResource>("GET", "/api/v1/policy", here.GetPolicy);
        api.Map<PolicyResource, PolicyResource>("PUT", "/api/v1/policy", here.SetPolicy);
    }

    [Description("What decides whether a version may be promoted.")]
    private async Task<StandingResource> GetStanding(ApiCall call)
    {
        var (name, number) = VersionOf(call);
        return Shapes.Of(name, number, await scans.StandingAsync(CallerOf(call), name, number, call.Cancellation));
    }

    [Description("The files of a version by their digests, as they are now: what a signer signs.")]
    private async Task<IReadOnlyList<FileResource>> ListSignedFiles(ApiCall call)
    {
        var (name, number) = VersionOf(call);
        var manifest = await signatures.ManifestAsync(CallerOf(call), name, number, call.Cancellation);
        return [.. manifest.Files.Select(Shapes.Of)];
    }

    [Description("Scans the files of a version as they are now.")]
    private async Task<ScanResource> Scan(ApiCall call)
    {
        var (name, number) = VersionOf(call);
        return Shapes.Of(await scans.ScanAsync(CallerOf(call), name, number, call.Cancellation));
    }

    [Description("Lets the files of a version through in spite of what their scan found.")]
    private Task Override(ApiCall call, ReasonRequest request)
    {
        var (name, number) = VersionOf(call);
        return scans.OverrideAsync(CallerOf(call), name, number, request.Reason, call.Cancellation);
    }

    [Description("What was decided about a version, the last in front.")]
    private async Task<IReadOnlyList<DecisionResource>> ListDecisions(ApiCall call)
    {
        var (name, number) = VersionOf(call);
        var all = await approvals.HistoryAsync(CallerOf(call), name, number, call.Cancellation);
        return [.. all.Select(Shapes.Of)];
    }

    [Description("Approves or rejects a version; rejecting it takes its aliases back to the newest that is approved.")]
    private async Task<DecisionResource> Decide(ApiCall call, DecisionRequest request)
    {
        var (name, number) = VersionOf(call);
        var decision = await approvals.DecideAsync(
            CallerOf(call),
            name,
            number,
            Shapes.ReadStatus(request.Status),
            request.Reason,
            request.Digest,
            call.Cancellation
        );
        return Shapes.Of(decision);
    }

    [Description("The signature of a version: an OpenSSF Model Signing bundle.")]
    private async Task<JsonElement> GetSignature(ApiCall call)
    {
        var (name, number) = VersionOf(call);
        var bundle = await signatures.BundleAsync(CallerOf(call), name, number, call.Cancellation);
        using var document = JsonDocument.Parse(bundle);
        return document.RootElement.Clone();
    }

    [Description("Gives a version a signature, which has to hold over its files as they are.")]
    private async Task<SignatureResource> Sign(ApiCall call, JsonElement bundle)
    {
        var (name, number) = VersionOf(call);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(bundle, GovernanceJson.Default.JsonElement);
        return Shapes.Of(await signatures.AttachAsync(CallerOf(call), name, number, bytes, call.Cancellation));
    }

    [Description("Verifies the signature of a version against its files as they are now.")]
    private async Task<VerifiedResource> Verify(ApiCall call)
    {
        var (name, number) = VersionOf(call);
        return Shapes.Of(await signatures.VerifyAsync(CallerOf(call), name, number, call.Cancellation));
    }

    [Description("What the workspace demands before a version is promoted.")]
    private async Task<PolicyResource> GetPolicy(ApiCall call) =>
        Shapes.Of(await policies.GetAsync(CallerOf(call), call.Cancellation));

    [Description("Sets what the workspace demands; approvals given before have to be given again.")]
    private async Task<PolicyResource> SetPolicy(ApiCall call, PolicyResource request) =>
        Shapes.Of(await policies.SetAsync(CallerOf(call), Shapes.Read(request), call.Cancellation));

    internal static Caller CallerOf(ApiCall call) => Caller.Of(call.Http.User);

    internal static (string Name, int Number) VersionOf(ApiCall call) =>
        (
            call.Route("name"),
            int.TryParse(call.Route("version"), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number > 0
                ? number
                : throw Fault.Invalid("governance.version", "A version is named by its number.", "version")
        );
}
