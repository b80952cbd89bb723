using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Kit;

/// <summary>One recorded exchange that our server answered in another way than MLflow.</summary>
public sealed record Difference(int Seq, string Method, string Path, string What);

/// <summary>What a replay found: how many exchanges of each endpoint were answered as recorded, and which were not.</summary>
public sealed record ReplayResult(
    IReadOnlyDictionary<string, (int Passed, int Total)> Endpoints,
    IReadOnlyList<Difference> Differences
);

/// <summary>
/// The recorded traffic of a real MLflow server, which is not part of this repository: SLIPWAY_SHARED names the folder
/// that holds it and the tool that replays it, and ../shared is looked at where that is not set.
/// </summary>
public static class Recording
{
    private const string Admin = "admin";
    private const string Password = "a longer word of the admin";

    private static string Folder =>
        Environment.GetEnvironmentVariable("SLIPWAY_SHARED")
        ?? Path.Combine(SlipwayProcess.RepositoryRoot, "..", "shared");

    private static string Tool => Path.Combine(Folder, "tools", "replay-wire.py");

    public static bool IsThere => File.Exists(Tool);

    /// <summary>Replays everything against a server of its own, with or without signing in.</summary>
    public static async Task<ReplayResult> ReplayAsync(bool signedIn, IReadOnlyList<string>? stores = null)
    {
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart
            {
                Options =
                [
                    "--allow-reset",
                    "--allow-private-targets",
                    .. signedIn ? ["--login"] : Array.Empty<string>(),
                    .. stores ?? [],
                ],
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["SLIPWAY_ADMIN_USER"] = Admin,
                    ["SLIPWAY_ADMIN_PASSWORD"] = Password,
                },
            }
        );
        var report = Path.GetTempFileName();
        try
        {
            await RunAsync(server.Address, report, signedIn);
            return Read(JsonNode.Parse(await File.ReadAllTextAsync(report))!);
        }
        finally
        {
            File.Delete(report);
        }
    }

    private static async Task RunAsync(Uri address, string report, bool signedIn)
    {
        string[] login = signedIn ? ["--auth", $"{Admin}:{Password}"] : [];
        string[] arguments =
        [
            Tool,
            Path.Combine(Folder, "data", "mlflow-wire.jsonl"),
            address.GetLeftPart(UriPartial.Authority),
            "--replayable",
            Path.Combine(Folder, "data", "mlflow-wire.replayable.json"),
            "--reset-url",
            new Uri(address, "/api/v1/testing/reset").ToString(),
            "--json",
            report,
            "--min-pass",
            "0",
            "--quiet",
            "--max-diffs",
            "0",
            .. login,
        ];
        var start = new ProcessStartInfo("python3", arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var replay = Process.Start(start)!;
        var (output, errors) = (replay.StandardOutput.ReadToEndAsync(), replay.StandardError.ReadToEndAsync());
        await replay.WaitForExitAsync();
        Assert.True(replay.ExitCode == 0, $"The replay ended with {replay.ExitCode}: {await output} {await errors}");
    }

    private static ReplayResult Read(JsonNode report) =>
        new(
            report["endpoints"]!
                .AsObject()
                .ToDictionary(
                    endpoint => endpoint.Key,
                    endpoint => ((int)endpoint.Value!["passed"]!, (int)endpoint.Value["total"]!),
                    StringComparer.Ordinal
                ),
            [
                .. report["exchanges"]!
                    .AsArray()
                    .Where(exchange => (string)exchange!["result"]! == "fail")
                    .Select(exchange => new Difference(
                        (int)exchange!["seq"]!,
                        (string)exchange["method"]!,
                        (string)exchange["path"]!,
                        exchange["diffs"]!.ToJsonString(JsonSerializerOptions.Default)
                    )),
            ]
        );
}
