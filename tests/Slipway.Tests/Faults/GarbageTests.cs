using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Fault F15: what nobody needs is collected, by two at once, while others store, read, delete and purge. What stands is
/// never touched; what does not is gone afterwards.
/// </summary>
public sealed class GarbageTests(ITestOutputHelper output, S3Server s3)
{
    private const int Trainings = 4;
    private const string Empty = "{}";

    [Theory]
    [InlineData("folder")]
    [InlineData("bucket")]
    public async Task Nothing_that_stands_is_collected_and_everything_else_is(string store)
    {
        string[] options = store == "bucket" ? ["--blobs", await s3.NewAddressAsync()] : [];
        await using var server = await SlipwayProcess.StartAsync(options);
        var kept = new ConcurrentDictionary<string, string>();
        using var enough = new CancellationTokenSource();
        var collectors = Enumerable.Range(0, 2).Select(_ => CollectUntilAsync(server, enough.Token)).ToList();
        var trainings = await Task.WhenAll(
            Enumerable.Range(0, Trainings).Select(seed => TrainAsync(server, kept, seed))
        );
        await enough.CancelAsync();
        var rounds = await Task.WhenAll(collectors);

        await Assert.AllAsync(kept, run => CheckAsync(server, run.Key, run.Value));
        await EventuallyAsync(async () =>
        {
            await CollectAsync(server);
            return (await RunFoldersAsync(server)).SetEquals(kept.Keys);
        });
        await Assert.AllAsync(kept, run => CheckAsync(server, run.Key, run.Value));
        output.WriteLine($"{store}: {trainings.Sum()} runs, {kept.Count} of them kept, {rounds.Sum()} collections");
        Assert.True(rounds.Sum() > 4, $"Only {rounds.Sum()} collections.");
        Assert.DoesNotContain("fail: Slipway", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_lies_in_the_bin_comes_back_whole_however_often_files_are_collected()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var run = await StartAsync(server, "0");
        await PutAsync(server, run, "weights", "kept");
        await SendAsync(server, HttpMethod.Delete, $"/api/v1/runs/{run}");

        for (var i = 0; i < 3; i++)
            await SendAsync(server, HttpMethod.Post, "/api/v1/leftovers/clear", Before());
        await SendAsync(server, HttpMethod.Post, $"/api/v1/runs/{run}/restore");

        await CheckAsync(server, run, "kept");
    }

    /// <summary>
    /// One after another: a run that stores and reads back, and is then kept, or deleted and purged, or after that made
    /// again at once under the id it had. And there are files of runs that never were.
    /// </summary>
    private static async Task<int> TrainAsync(
        SlipwayProcess server,
        ConcurrentDictionary<string, string> kept,
        int seed
    )
    {
        var random = new Random(seed);
        var experiment = await ExperimentAsync(server, $"e{seed}");
        var runs = Seeds.Count(6, 500);
        for (var i = 0; i < runs; i++)
        {
            var run = await StartAsync(server, experiment);
            var content = $"{run} {random.Next()}";
            await PutAsync(server, run, "old", content);
            await Task.WhenAll(PutAsync(server, run, "weights", content), CheckAsync(server, run, content, "old"));
            await SendAsync(server, HttpMethod.Delete, $"/api/v1/runs/{run}/artifacts/old");
            await CheckAsync(server, run, content);
            await PutStrayAsync(server, experiment);
            if (random.Next(3) == 0)
            {
                kept[run] = content;
                continue;
            }
            await SendAsync(server, HttpMethod.Delete, $"/api/v1/runs/{run}");
            await SendAsync(server, HttpMethod.Post, $"/api/v1/runs/{run}/purge", allowed: HttpStatusCode.NotFound);
            if (random.Next(4) != 0)
                continue;
            await MakeAgainAsync(server, run, experiment);
            await PutAsync(server, run, "weights", content);
            kept[run] = content;
        }
        return runs;
    }

    private static async Task<int> CollectUntilAsync(SlipwayProcess server, CancellationToken enough)
    {
        var rounds = 0;
        for (; !enough.IsCancellationRequested; rounds++)
        {
            await CollectAsync(server);
            await Task.Delay(20, CancellationToken.None);
        }
        return rounds;
    }

    private static async Task CollectAsync(SlipwayProcess server)
    {
        await SendAsync(server, HttpMethod.Post, "/api/v1/bin/empty", Before());
        await SendAsync(server, HttpMethod.Post, "/api/v1/leftovers/clear", Before());
    }

    /// <summary>All there is, down to this moment: no time to spare for anybody.</summary>
    private static string Before() =>
        JsonSerializer.Serialize(new { deleted_before_ms = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() });

    private static async Task<string> ExperimentAsync(SlipwayProcess server, string name)
    {
        var made = JsonDocument.Parse(
            await SendAsync(server, HttpMethod.Post, "/api/v1/experiments", $$"""{"name": "{{name}}"}""")
        );
        return made.RootElement.GetProperty("id").GetString()!;
    }

    private static async Task<string> StartAsync(SlipwayProcess server, string experiment)
    {
        var body = $$"""{"experiment_id": "{{experiment}}"}""";
        var made = JsonDocument.Parse(await SendAsync(server, HttpMethod.Post, "/api/v1/runs", body));
        return made.RootElement.GetProperty("id").GetString()!;
    }

    /// <summary>The server asks for a moment's patience while the files of the purged one are being removed.</summary>
    private static async Task MakeAgainAsync(SlipwayProcess server, string run, string experiment)
    {
        HttpStatusCode status;
        do
        {
            using var answer = await server.Http.PutAsJsonAsync(
                $"/api/v1/runs/{run}",
                new { experiment_id = experiment }
            );
            status = answer.StatusCode;
            await Task.Delay(20);
        } while (status == HttpStatusCode.TooManyRequests);
        Assert.Equal(HttpStatusCode.Created, status);
    }

    private static Task PutAsync(SlipwayProcess server, string run, string name, string content) =>
        SendAsync(server, HttpMethod.Put, $"/api/v1/runs/{run}/artifacts/{name}", content);

    /// <summary>As an MLflow client stores it whose run is gone by then.</summary>
    private static Task PutStrayAsync(SlipwayProcess server, string experiment) =>
        SendAsync(
            server,
            HttpMethod.Put,
            $"/api/2.0/mlflow-artifacts/artifacts/{experiment}/{Guid.NewGuid():n}/artifacts/stray",
            "stray"
        );

    private static async Task CheckAsync(SlipwayProcess server, string run, string content, string name = "weights") =>
        Assert.Equal(content, await SendAsync(server, HttpMethod.Get, $"/api/v1/runs/{run}/artifacts/{name}"));

    /// <summary>The runs that have files, as anybody sees who lists them.</summary>
    private static async Task<HashSet<string>> RunFoldersAsync(SlipwayProcess server)
    {
        var folders = new HashSet<string>();
        foreach (var experiment in await ListAsync(server, ""))
        {
            foreach (var run in await ListAsync(server, experiment))
                folders.Add(run);
        }
        return folders;
    }

    private static async Task<List<string>> ListAsync(SlipwayProcess server, string path)
    {
        var listing = JsonDocument.Parse(
            await SendAsync(server, HttpMethod.Get, $"/api/2.0/mlflow-artifacts/artifacts?path={path}")
        );
        return listing.RootElement.TryGetProperty("files", out var files)
            ? [.. files.EnumerateArray().Select(file => file.GetProperty("path").GetString()!)]
            : [];
    }

    private static async Task<string> SendAsync(
        SlipwayProcess server,
        HttpMethod method,
        string path,
        string body = Empty,
        HttpStatusCode allowed = HttpStatusCode.OK
    )
    {
        using var request = new HttpRequestMessage(method, path);
        if (method != HttpMethod.Get && method != HttpMethod.Delete)
            request.Content = new StringContent(
                body,
                Encoding.UTF8,
                method == HttpMethod.Put ? "application/octet-stream" : "application/json"
            );
        using var answer = await server.Http.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(
            answer.IsSuccessStatusCode || answer.StatusCode == allowed,
            $"{method} {path}: {(int)answer.StatusCode} {text}"
        );
        return text;
    }

    private static async Task EventuallyAsync(Func<Task<bool>> reached)
    {
        for (var i = 0; i < 100 && !await reached(); i++)
            await Task.Delay(100);
        Assert.True(await reached(), "What nobody needs is still there.");
    }
}
