using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Identity.Http;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Fault F16: the wall clock of the server jumps while it works. What happened stays in the order in which it happened,
/// leases and pauses go by the monotonic clock, nothing is removed on the word of such a clock, and nobody is let in or
/// out for longer than the clock is wrong.
/// </summary>
public sealed class ClockJumpTests : IAsyncDisposable
{
    private readonly JumpingClock clock = new();
    private ServerInside server = null!;

    /// <summary>An hour, a change of the hour for summer, ten years, and back each time.</summary>
    private static readonly TimeSpan[] Jumps =
    [
        TimeSpan.FromHours(1),
        TimeSpan.FromHours(-1),
        TimeSpan.FromSeconds(-1),
        TimeSpan.FromDays(3652),
        TimeSpan.FromDays(-3652),
        TimeSpan.Zero,
    ];

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task What_is_logged_is_there_in_its_order_and_the_record_holds()
    {
        server = await ServerInside.StartAsync(login: false, clock: clock);
        await using var client = new SlipwayClient(server.Address, new SlipwayClientOptions { Clock = clock });
        await using var through = await client.StartRunAsync("jumps");
        var started = new List<string>();
        for (var i = 0; i < Jumps.Length; i++)
        {
            clock.SetOff(Jumps[i]);
            var run = await client.StartRunAsync("jumps");
            started.Add(run.Id);
            through.Log("loss", i, i);
            await through.FlushAsync();
            // Ends where the next jump leads.
            clock.SetOff(Jumps[(i + 1) % Jumps.Length]);
            await run.FinishAsync();
            var stored = await client.Runs.GetAsync(run.Id);
            Assert.True(stored.EndMs >= stored.StartMs, $"It took {stored.EndMs - stored.StartMs} ms.");
        }
        var history = await client.Runs.HistoryAsync(through.Id, "loss").Select(point => point.Step).ToListAsync();
        Assert.Equal(Enumerable.Range(0, Jumps.Length).Select(i => (long)i), history.Order());

        var happened = await EventsAsync(Jumps.Length);
        Assert.Equal(started, happened.Where(e => started.Contains(e.SubjectId)).Select(e => e.SubjectId).Distinct());
        var db = server.Services.GetRequiredService<Db>();
        Assert.Null((await db.ReadAsync(tx => ChainVerifier.Verify(tx, []))).Break);
    }

    [Fact]
    public async Task Work_that_waits_its_turn_is_done_at_once_whatever_the_clock_says()
    {
        server = await ServerInside.StartAsync(login: false, clock: clock);
        await using var client = new SlipwayClient(server.Address);
        foreach (var jump in Jumps)
        {
            clock.SetOff(jump);
            var run = await client.Runs.EnsureAsync(
                Guid.NewGuid().ToString("N"),
                new RunCreate { Experiment = "purged" }
            );
            await client.ArtifactsOfRun(run.Id).PutAsync("weights", new MemoryStream([1, 2, 3]));
            await client.Runs.DeleteAsync(run.Id);
            clock.SetOff(jump - TimeSpan.FromMinutes(2));
            await client.Runs.PurgeAsync(run.Id);
            var blobs = Path.Combine(server.DataPath, "blobs");
            for (
                var i = 0;
                i < 100 && Directory.GetFiles(blobs, "weights", SearchOption.AllDirectories).Length > 0;
                i++
            )
                await Task.Delay(100);
            Assert.Empty(Directory.GetFiles(blobs, "weights", SearchOption.AllDirectories));
        }
    }

    [Fact]
    public async Task Nothing_is_removed_for_its_age_by_a_clock_that_jumped()
    {
        server = await ServerInside.StartAsync(login: false, clock: clock);
        await using var client = new SlipwayClient(server.Address);
        var run = await client.Runs.EnsureAsync(Guid.NewGuid().ToString("N"), new RunCreate { Experiment = "kept" });
        await client.Runs.DeleteAsync(run.Id);
        var everything = new PurgeRequest { DeletedBeforeMs = NowMs() };
        clock.SetOff(TimeSpan.FromDays(30));

        // The server's clock is wrong, whoever asks.
        await RefusedAsync("clock.moved", () => client.Experiments.EmptyBinAsync(everything));
        await RefusedAsync("clock.moved", () => client.Experiments.ClearLeftoversAsync(everything));
        clock.SetOff(TimeSpan.Zero);
        // The clock of who asks is wrong.
        var later = new PurgeRequest { DeletedBeforeMs = NowMs() + (long)TimeSpan.FromDays(30).TotalMilliseconds };
        await RefusedAsync("clock.future", () => client.Experiments.EmptyBinAsync(later));
        await RefusedAsync("clock.future", () => client.Experiments.ClearLeftoversAsync(later));

        await client.Runs.RestoreAsync(run.Id);
        Assert.Equal(0, (await client.Experiments.EmptyBinAsync(everything)).Runs);
    }

    [Fact]
    public async Task Tokens_and_sessions_live_their_time_and_no_jump_makes_it_longer()
    {
        var people = new PeopledServer { Clock = clock };
        await people.InitializeAsync();
        server = people.Server;
        var lasting = await people.NewTokenAsync(PeopledServer.Viewer);
        var session = await SignInAsync(people);
        foreach (var jump in Jumps)
        {
            clock.SetOff(jump);
            await AnswersAsync(HttpStatusCode.OK, $"Bearer {lasting}");
        }
        clock.SetOff(TimeSpan.FromHours(11));
        await AnswersAsync(HttpStatusCode.OK, session);
        clock.SetOff(TimeSpan.FromHours(13));
        await AnswersAsync(HttpStatusCode.Unauthorized, session);

        clock.SetOff(TimeSpan.FromDays(3652));
        var ahead = await SignInAsync(people);
        await AnswersAsync(HttpStatusCode.OK, ahead);
        clock.SetOff(TimeSpan.Zero);
        await AnswersAsync(HttpStatusCode.Unauthorized, ahead);
    }

    /// <summary>What a browser that signed in sends.</summary>
    private static async Task<string> SignInAsync(PeopledServer people)
    {
        using var client = people.As(PeopledServer.Viewer);
        using var answer = await client.PostAsync("/api/v1/session", null);
        answer.EnsureSuccessStatusCode();
        return answer.Headers.GetValues("Set-Cookie").Single().Split(';')[0];
    }

    /// <summary>Credentials are those of a header, or the cookie of a session.</summary>
    private async Task AnswersAsync(HttpStatusCode expected, string credentials)
    {
        using var client = server.Client();
        var isToken = credentials.StartsWith("Bearer", StringComparison.Ordinal);
        client.DefaultRequestHeaders.Add(isToken ? "Authorization" : "Cookie", credentials);
        using var answer = await client.GetAsync("/api/v1/session");
        Assert.Equal(expected, answer.StatusCode);
    }

    private static async Task RefusedAsync(string code, Func<Task> call) =>
        Assert.Equal(code, (await Assert.ThrowsAsync<Fault>(call)).Code);

    private long NowMs() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The record, once so many runs have finished in it.</summary>
    private async Task<List<Event>> EventsAsync(int finished)
    {
        var db = server.Services.GetRequiredService<Db>();
        for (var i = 0; i < 100; i++)
        {
            var all = await db.ReadAsync(tx => EventLog.After(tx, 0, 1000));
            if (all.Count(e => e.Event.Kind == "run.finished") >= finished)
                return [.. all.Select(e => e.Event)];
            await Task.Delay(100);
        }
        throw new TimeoutException("The events of the runs were not sealed.");
    }
}
