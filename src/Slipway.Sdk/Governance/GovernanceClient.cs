using System.Globalization;
using System.Text.Json;

namespace Slipway.Sdk.Governance;

/// <summary>The calls on what was found, decided and signed of registered versions, and on what a workspace demands.</summary>
public sealed class GovernanceClient
{
    private const string PolicyPath = "api/v1/policy";

    private readonly Connection connection;

    internal GovernanceClient(Connection connection) => this.connection = connection;

    /// <summary>All that decides whether the version may be promoted.</summary>
    public Task<StandingResource> GetAsync(string model, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Get(PathOf(model, version, "governance")),
            GovernanceJson.Default.StandingResource,
            cancellation
        );

    /// <summary>Scans the files as they are now, and waits for it.</summary>
    public Task<ScanResource> ScanAsync(string model, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Post(PathOf(model, version, "scan")),
            GovernanceJson.Default.ScanResource,
            cancellation
        );

    /// <summary>Lets these files through in spite of what the scan found.</summary>
    public Task OverrideAsync(string model, int version, string reason, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(
                HttpMethod.Post,
                PathOf(model, version, "scan/override"),
                new ReasonRequest { Reason = reason },
                GovernanceJson.Default.ReasonRequest
            ),
            cancellation
        );

    /// <summary>Decides about the version.</summary>
    public Task<DecisionResource> DecideAsync(
        string model,
        int version,
        DecisionRequest decision,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(
                    HttpMethod.Post,
                    PathOf(model, version, "decisions"),
                    decision,
                    GovernanceJson.Default.DecisionRequest
                )
                .Once(),
            GovernanceJson.Default.DecisionResource,
            cancellation
        );

    /// <summary>What was decided about the version, the last in front.</summary>
    public Task<IReadOnlyList<DecisionResource>> DecisionsAsync(
        string model,
        int version,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get(PathOf(model, version, "decisions")),
            GovernanceJson.Default.Decisions,
            cancellation
        );

    /// <summary>The files of the version by their digests, as they are now: what a signer signs.</summary>
    public Task<IReadOnlyList<FileResource>> FilesAsync(
        string model,
        int version,
        CancellationToken cancellation = default
    ) => connection.SendAsync(Call.Get(PathOf(model, version, "files")), GovernanceJson.Default.Files, cancellation);

    /// <summary>Gives the version a signature: an OpenSSF Model Signing bundle over its files.</summary>
    public async Task<SignatureResource> SignAsync(
        string model,
        int version,
        ReadOnlyMemory<byte> bundle,
        CancellationToken cancellation = default
    )
    {
        using var document = JsonDocument.Parse(bundle);
        return await connection.SendAsync(
            Call.With(
                HttpMethod.Put,
                PathOf(model, version, "signature"),
                document.RootElement,
                GovernanceJson.Default.JsonElement
            ),
            GovernanceJson.Default.SignatureResource,
            cancellation
        );
    }

    /// <summary>Has the server verify the version's signature against its files as they are now.</summary>
    public Task<VerifiedResource> VerifyAsync(string model, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Post(PathOf(model, version, "signature/verify")),
            GovernanceJson.Default.VerifiedResource,
            cancellation
        );

    /// <summary>The card of the version: what the records say, with what people wrote laid over it.</summary>
    public Task<JsonElement> CardAsync(string model, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Get(PathOf(model, version, "card")),
            GovernanceJson.Default.JsonElement,
            cancellation
        );

    /// <summary>The card of the version as Markdown, to be read and printed.</summary>
    public async Task<string> CardTextAsync(string model, int version, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{PathOf(model, version, "card/text")}");
        using var answer = await connection.OpenAsync(request, cancellation);
        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Writes a new card: the fields that it has replace what the records say.</summary>
    public Task<CardResource> WriteCardAsync(
        string model,
        int version,
        JsonElement fields,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(HttpMethod.Put, PathOf(model, version, "card"), fields, GovernanceJson.Default.JsonElement)
                .Once(),
            GovernanceJson.Default.CardResource,
            cancellation
        );

    /// <summary>What the version consists of, as a CycloneDX 1.6 bill of materials.</summary>
    public Task<JsonElement> BomAsync(string model, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Get(PathOf(model, version, "sbom")),
            GovernanceJson.Default.JsonElement,
            cancellation
        );

    /// <summary>What the version was made of, and what came of it.</summary>
    public Task<LineageResource> LineageAsync(string model, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Get(
                $"api/v1/lineage/models/{Uri.EscapeDataString(model)}/versions/{version.ToString(CultureInfo.InvariantCulture)}"
            ),
            GovernanceJson.Default.LineageResource,
            cancellation
        );

    /// <summary>What came of a version of data: every run and every model that used it.</summary>
    public Task<LineageResource> LineageOfDataAsync(
        string name,
        string digest,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get(
                $"api/v1/lineage/datasets?name={Uri.EscapeDataString(name)}&digest={Uri.EscapeDataString(digest)}"
            ),
            GovernanceJson.Default.LineageResource,
            cancellation
        );

    /// <summary>What the workspace demands.</summary>
    public Task<PolicyResource> PolicyAsync(CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PolicyPath), GovernanceJson.Default.PolicyResource, cancellation);

    /// <summary>Sets what the workspace demands; approvals given before have to be given again.</summary>
    public Task<PolicyResource> SetPolicyAsync(PolicyResource policy, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Put, PolicyPath, policy, GovernanceJson.Default.PolicyResource),
            GovernanceJson.Default.PolicyResource,
            cancellation
        );

    internal static string PathOf(string model, int version, string what) =>
        $"api/v1/models/{Uri.EscapeDataString(model)}/versions/{version.ToString(CultureInfo.InvariantCulture)}/{what}";
}
