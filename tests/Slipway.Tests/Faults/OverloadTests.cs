using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Fault F25: for a while, five times as many requests arrive as the server can take, whether it answers or not (an
/// open loop: requests come at their times and do not wait for one another).
/// </summary>
[Collection(Alone.Name)]
public sealed class OverloadTests(ITestOutputHelper output)
{
    /// <summary>More than the server lets in at once.</summary>
    private const int OpenAtMost = 4000;

    private static readonly TimeSpan Load = TimeSpan.FromSeconds(Seeds.Count(4, 300));

    [Fact]
    public async Task Overload_is_shed_what_is_let_in_keeps_its_pace_and_the_end_of_it_is_the_end_of_it()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var run = await NewRunAsync(server);
        var before = await ClosedLoopAsync(server, run, TimeSpan.FromSeconds(3));

        var (acknowledged, shed, withoutHint) = await OpenLoopAsync(server, run, before * 5);
        var goodput = acknowledged.Count / Load.TotalSeconds;
        var recovery = await RecoveryAsync(server, run);
        var after = await ClosedLoopAsync(server, run, TimeSpan.FromSeconds(3));

        output.WriteLine(
            $"{before:0}/s before, {goodput:0}/s under five times that, {shed} sent away, first answer after {recovery.TotalMilliseconds:0} ms, {after:0}/s afterwards"
        );
        Assert.Equal(0, withoutHint);
        Assert.True(recovery < TimeSpan.FromSeconds(10), $"The first answer after the overload took {recovery}.");
        Assert.True(after > before / 2, $"{before:0}/s before and {after:0}/s after.");
        // The generator of the load takes its share of the same cores, so the short form only sees that work went on.
        Assert.True(goodput > before * (Seeds.Long ? 0.5 : 0.1), $"{goodput:0}/s of {before:0}/s under overload.");
        var stored = await StepsAsync(server, run);
        Assert.All(acknowledged, step => Assert.Contains(step, stored));
    }

    private static async Task<double> ClosedLoopAsync(SlipwayProcess server, string run, TimeSpan time)
    {
        var clock = Stopwatch.StartNew();
        var done = 0;
        await Task.WhenAll(
            Enumerable
                .Range(0, 32)
                .Select(async _ =>
                {
                    while (clock.Elapsed < time)
                    {
                        using var answer = await LogAsync(server, run, -1);
                        answer.EnsureSuccessStatusCode();
                        Interlocked.Increment(ref done);
                    }
                })
        );
        return done / clock.Elapsed.TotalSeconds;
    }

    private static async Task<(IReadOnlyCollection<long> Acknowledged, int Shed, int WithoutHint)> OpenLoopAsync(
        SlipwayProcess server,
        string run,
        double perSecond
    )
    {
        var acknowledged = new ConcurrentBag<long>();
        var shed = 0;
        var withoutHint = 0;
        var open = 0;
        var under = new ConcurrentBag<Task>();
        var clock = Stopwatch.StartNew();
        for (var sent = 0L; clock.Elapsed < Load; )
        {
            // What the generator cannot hold open is not sent: the server would not see it either.
            for (var due = (long)(clock.Elapsed.TotalSeconds * perSecond); sent < due; sent++)
            {
                if (Volatile.Read(ref open) < OpenAtMost)
                    under.Add(OneAsync(sent));
            }
            await Task.Delay(1);
        }
        await Task.WhenAll(under);
        return (acknowledged, shed, withoutHint);

        async Task OneAsync(long step)
        {
            Interlocked.Increment(ref open);
            try
            {
                using var answer = await LogAsync(server, run, step);
                if (answer.StatusCode == HttpStatusCode.OK)
                    acknowledged.Add(step);
                else
                    Interlocked.Increment(ref shed);
                if (answer.StatusCode != HttpStatusCode.OK && answer.Headers.RetryAfter is null)
                    Interlocked.Increment(ref withoutHint);
            }
            catch (HttpRequestException)
            {
                Interlocked.Increment(ref shed);
            }
            finally
            {
                Interlocked.Decrement(ref open);
            }
        }
    }

    private static async Task<TimeSpan> RecoveryAsync(SlipwayProcess server, string run)
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            using var answer = await LogAsync(server, run, -1);
            if (answer.StatusCode == HttpStatusCode.OK)
                return clock.Elapsed;
        }
    }

    private static Task<HttpResponseMessage> LogAsync(SlipwayProcess server, string run, long step) =>
        server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/log-metric",
            new
            {
                run_id = run,
                key = "load",
                value = 1.0,
                timestamp = 1,
                step,
            }
        );

    private static async Task<string> NewRunAsync(SlipwayProcess server)
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = "0" }
        );
        var run = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return run.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }

    private static async Task<HashSet<long>> StepsAsync(SlipwayProcess server, string run)
    {
        var steps = new HashSet<long>();
        string? token = null;
        do
        {
            var page = await server.Http.GetFromJsonAsync<JsonElement>(
                $"/api/2.0/mlflow/metrics/get-history?run_id={run}&metric_key=load&max_results=25000"
                    + (token is null ? "" : $"&page_token={Uri.EscapeDataString(token)}")
            );
            foreach (var point in page.GetProperty("metrics").EnumerateArray())
                steps.Add(point.GetProperty("step").GetInt64());
            token = page.TryGetProperty("next_page_token", out var next) ? next.GetString() : null;
        } while (token is not null);
        return steps;
    }
}
