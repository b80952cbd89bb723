using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Governance;
using Slipway.Governance.Actions;
using Slipway.Sdk;
using Slipway.Sdk.Governance;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Governance.Http;

/// <summary>The way of a model through the real server: registered by an MLflow client, governed by the typed one.</summary>
public sealed class GovernanceEndpointsTests
{
    [Fact]
    public async Task A_model_goes_from_a_run_to_production_under_a_policy()
    {
        await using var server = await ServerInside.StartAsync(login: false);
        using var http = server.Client();
        await using var client = new SlipwayClient(server.Address);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var source = await UploadAsync(client, "notes.txt", "safe");
        await PostAsync(http, "registered-models/create", new { name = "fares" });
        await PostAsync(http, "model-versions/create", new { name = "fares", source });
        var policy = new PolicyResource
        {
            Approval = true,
            Signature = true,
            TrustedKeys = [key.ExportSubjectPublicKeyInfoPem()],
        };
        Assert.Equal(1, (await client.Governance.SetPolicyAsync(policy)).Number);
        var files = await client.Governance.FilesAsync("fares", 1);
        var manifest = ModelManifest.Of(files.Select(f => new FileDigest(f.Path, f.SizeBytes, f.Sha256)));
        var bundle = ModelSigning.Sign(manifest, "fares", new SignerKey(key.ExportPkcs8PrivateKeyPem()));
        Assert.Equal("key", (await client.Governance.SignAsync("fares", 1, bundle)).Method);
        Assert.Equal(1, (await client.Governance.VerifyAsync("fares", 1)).Files);
        var alias = new
        {
            name = "fares",
            alias = "champion",
            version = "1",
        };
        var refused = await http.PostAsJsonAsync("api/2.0/mlflow/registered-models/alias", alias);
        Assert.Contains("PERMISSION_DENIED", await refused.Content.ReadAsStringAsync());
        var approved = await client.Governance.DecideAsync(
            "fares",
            1,
            new DecisionRequest
            {
                Status = "approved",
                Reason = "looked at it",
                Digest = manifest.Digest,
            }
        );
        Assert.Equal(1, approved.PolicyNumber);
        await PostAsync(http, "registered-models/alias", alias);
        var standing = await client.Governance.GetAsync("fares", 1);
        Assert.Equal(("approved", "safe"), (standing.Status, standing.Scan!.Verdict));
        Assert.Single(await client.Governance.DecisionsAsync("fares", 1));
    }

    [Fact]
    public async Task An_unsafe_model_is_registered_and_not_promoted_by_a_client_of_mlflow()
    {
        await using var server = await ServerInside.StartAsync(login: false);
        using var http = server.Client();
        await using var client = new SlipwayClient(server.Address);
        var source = await UploadAsync(client, "model.pkl", GovernanceFixture.Pickle);
        await PostAsync(http, "registered-models/create", new { name = "fares" });
        await PostAsync(http, "model-versions/create", new { name = "fares", source });
        var stage = new
        {
            name = "fares",
            version = "1",
            stage = "Production",
            archive_existing_versions = false,
        };
        var refused = await http.PostAsJsonAsync("api/2.0/mlflow/model-versions/transition-stage", stage);
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Contains("posix.system", await refused.Content.ReadAsStringAsync());
        Assert.Equal("unsafe", (await client.Governance.ScanAsync("fares", 1)).Verdict);
        await client.Governance.OverrideAsync("fares", 1, "ours");
        await PostAsync(http, "model-versions/transition-stage", stage);
    }

    [Fact]
    public async Task Cards_bills_and_lineage_are_answered_for_a_version()
    {
        await using var server = await ServerInside.StartAsync(login: false);
        using var http = server.Client();
        await using var client = new SlipwayClient(server.Address);
        var source = await UploadAsync(client, "notes.txt", "safe");
        await PostAsync(http, "registered-models/create", new { name = "fares" });
        await PostAsync(http, "model-versions/create", new { name = "fares", source });
        using var fields = JsonDocument.Parse("""{"intended_uses":{"risk_rating":"Low"}}""");
        Assert.Equal(1, (await client.Governance.WriteCardAsync("fares", 1, fields.RootElement)).Number);
        var card = await client.Governance.CardAsync("fares", 1);
        Assert.Equal("Low", card.GetProperty("intended_uses").GetProperty("risk_rating").GetString());
        Assert.Contains("# fares, version 1", await client.Governance.CardTextAsync("fares", 1));
        var bom = await client.Governance.BomAsync("fares", 1);
        Assert.Equal("1.6", bom.GetProperty("specVersion").GetString());
        var fault = await Assert.ThrowsAsync<Fault>(() => client.Governance.LineageAsync("none", 1));
        Assert.Equal("lineage.not_found", fault.Code);
        Assert.Equal("fares/1", (await client.Governance.LineageAsync("fares", 1)).Root.Id);
    }

    private static async Task<string> UploadAsync(SlipwayClient client, string path, string text)
    {
        await using var run = await client.StartRunAsync("training");
        var id = run.Id;
        await client.ArtifactsOfRun(id).PutAsync($"model/{path}", new MemoryStream(Encoding.Latin1.GetBytes(text)));
        await run.FinishAsync();
        return $"{(await client.Runs.GetAsync(id)).ArtifactUri}/model";
    }

    private static async Task PostAsync(HttpClient http, string path, object body)
    {
        var answer = await http.PostAsJsonAsync($"api/2.0/mlflow/{path}", body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {await answer.Content.ReadAsStringAsync()}");
    }
}
