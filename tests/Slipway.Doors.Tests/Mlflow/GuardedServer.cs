using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// A server that asks for a login, with an experiment and a run in it, and a client for each kind of person: nobody,
/// one who may read the experiment, one who manages another experiment and has no permission on this one, and the one who made it.
/// </summary>
public sealed class GuardedServer : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    public SlipwayProcess Process { get; private set; } = null!;

    public IReadOnlyDictionary<string, HttpClient> People { get; private set; } = null!;

    public HttpClient Owner => People["owner"];

    public string ExperimentId { get; private set; } = "";

    public string RunId { get; private set; } = "";

    /// <summary>A file that no answer may ever contain, outside of everything the server stores.</summary>
    public TestFolder Outside { get; } = new();

    public string Canary { get; } = $"slipway-canary-{Guid.NewGuid():n}";

    public const string CanaryFile = "outside.txt";

    public async ValueTask InitializeAsync()
    {
        await File.WriteAllTextAsync(Outside.At(CanaryFile), Canary);
        Process = await SlipwayProcess.StartAsync(
            new SlipwayStart
            {
                Options = ["--login"],
                Environment = new Dictionary<string, string>
                {
                    ["SLIPWAY_ADMIN_USER"] = "admin",
                    ["SLIPWAY_ADMIN_PASSWORD"] = Password,
                },
            }
        );
        using var admin = ClientOf("admin");
        foreach (var name in new[] { "viewer", "stranger", "owner" })
            await PostAsync(admin, "users/create", new { username = name, password = Password });
        People = new Dictionary<string, HttpClient>
        {
            ["anonymous"] = ClientOf(null),
            ["viewer"] = ClientOf("viewer"),
            ["stranger"] = ClientOf("stranger"),
            ["owner"] = ClientOf("owner"),
        };
        ExperimentId = await ExperimentAsync(admin, "mine");
        var other = await ExperimentAsync(admin, "other");
        await GrantAsync(admin, ExperimentId, "viewer", "READ");
        await GrantAsync(admin, ExperimentId, "owner", "MANAGE");
        await GrantAsync(admin, ExperimentId, "stranger", "NO_PERMISSIONS");
        await GrantAsync(admin, other, "stranger", "MANAGE");
        var made = await PostAsync(Owner, "runs/create", new { experiment_id = ExperimentId });
        RunId = made.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in People.Values)
            client.Dispose();
        await Process.DisposeAsync();
        Outside.Dispose();
    }

    /// <summary>The header that signs a person in; empty for nobody.</summary>
    public static string Header(string? name) =>
        name is null or "anonymous"
            ? ""
            : $"Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{Password}"))}\r\n";

    private HttpClient ClientOf(string? name)
    {
        var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = Process.Address,
        };
        if (name is not null)
            client.DefaultRequestHeaders.Authorization = AuthenticationHeaderValue.Parse(
                Header(name)["Authorization: ".Length..].Trim()
            );
        return client;
    }

    private static async Task<string> ExperimentAsync(HttpClient admin, string name) =>
        (await PostAsync(admin, "experiments/create", new { name })).GetProperty("experiment_id").GetString()!;

    private static Task<JsonElement> GrantAsync(HttpClient admin, string id, string user, string level) =>
        PostAsync(
            admin,
            "experiments/permissions/create",
            new
            {
                experiment_id = id,
                username = user,
                permission = level,
            }
        );

    private static async Task<JsonElement> PostAsync(HttpClient client, string call, object body)
    {
        using var answer = await client.PostAsJsonAsync($"/api/2.0/mlflow/{call}", body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{call}: {(int)answer.StatusCode} {text}");
        return JsonDocument.Parse(text).RootElement;
    }
}
