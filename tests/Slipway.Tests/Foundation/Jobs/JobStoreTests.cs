using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Jobs;

public sealed class JobStoreTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_server_that_wakes_up_after_a_takeover_changes_nothing(string kind)
    {
        await using var store = await OpenAsync(kind);
        var old = await ClaimAsync(store.Db, []);
        var seen = await SeenAsync(store.Db);
        var taken = await ClaimAsync(store.Db, seen);

        Assert.True(taken.Token > old.Token);
        Assert.False(await store.Db.WriteAsync(tx => JobStore.Beat(tx, old)));
        Assert.False(await store.Db.WriteAsync(tx => JobStore.Remove(tx, old)));
        Assert.False(await store.Db.WriteAsync(tx => JobStore.Park(tx, old, "late")));
        Assert.False(await store.Db.WriteAsync(tx => JobStore.PutBack(tx, old, 0, 0, 0, null)));
        var fenced = await Assert.ThrowsAsync<Fault>(() => store.Db.WriteAsync(old.Guard));
        Assert.Equal("job.taken_over", fenced.Code);
        await store.Db.WriteAsync(taken.Guard);
        Assert.True(await store.Db.WriteAsync(tx => JobStore.Remove(tx, taken)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_sign_of_life_keeps_the_job(string kind)
    {
        await using var store = await OpenAsync(kind);
        var job = await ClaimAsync(store.Db, []);
        var seen = await SeenAsync(store.Db);
        Assert.True(await store.Db.WriteAsync(tx => JobStore.Beat(tx, job)));
        Assert.Empty(await store.Db.WriteAsync(tx => JobStore.Claim(tx, ["work"], seen, 100, 5)));
    }

    [Fact]
    public void A_lease_runs_out_by_the_monotonic_clock_whatever_the_wall_clock_does()
    {
        var clock = new ManualClock(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var watch = new LeaseWatch(clock, TimeSpan.FromSeconds(15));
        Heartbeat[] running = [new("a", 1), new("b", 1)];
        Assert.Empty(watch.LeftBehind(running));
        clock.Advance(TimeSpan.FromSeconds(14));
        running = [new("a", 1), new("b", 2)];
        Assert.Empty(watch.LeftBehind(running));
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal([new Heartbeat("a", 1)], watch.LeftBehind(running));
        clock.Advance(TimeSpan.FromSeconds(14));
        Assert.Equal(running, watch.LeftBehind(running));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_waits_for_a_time_is_not_held_up_by_a_clock_that_went_back(string kind)
    {
        await using var store = await OpenAsync(kind);
        const long year = 365L * 24 * 3600 * 1000;
        var job = await ClaimAsync(store.Db, []);
        await store.Db.WriteAsync(tx => JobStore.PutBack(tx, job, (10 * year) + 1000, 10 * year, 1, "later"));

        Assert.Empty(await store.Db.WriteAsync(tx => JobStore.Claim(tx, ["work"], [], 10 * year, 5)));
        Assert.True((await store.Db.ReadAsync(tx => JobStore.Look(tx, ["work"], ["work"], year))).AnyDue);
        Assert.Single(await store.Db.WriteAsync(tx => JobStore.Claim(tx, ["work"], [], year, 5)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_waits_for_a_time_waits_for_it_on_a_server_whose_clock_is_minutes_behind(string kind)
    {
        await using var store = await OpenAsync(kind);
        const long fiveMinutes = 300_000;
        var job = await ClaimAsync(store.Db, []);
        await store.Db.WriteAsync(tx => JobStore.PutBack(tx, job, 3 * fiveMinutes, 2 * fiveMinutes, 1, "later"));

        Assert.False((await store.Db.ReadAsync(tx => JobStore.Look(tx, ["work"], ["work"], fiveMinutes))).AnyDue);
        Assert.True((await store.Db.ReadAsync(tx => JobStore.Look(tx, ["work"], ["work"], 3 * fiveMinutes))).AnyDue);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Servers_that_claim_together_each_get_their_own(string kind)
    {
        await using var store = await OpenAsync(kind);
        await using var second = store.OpenAgain();
        await store.Db.WriteAsync(tx =>
        {
            for (var i = 0; i < 200; i++)
                JobStore.Add(tx, $"job-{i:000}", "work", "{}", 0, 0);
        });
        var claims = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    (i % 2 == 0 ? store.Db : second).WriteAsync(tx => JobStore.Claim(tx, ["work"], [], 100, 7))
                )
        );
        var claimed = claims.SelectMany(jobs => jobs).Select(job => job.Id).ToList();
        Assert.Equal(201, claimed.Count);
        Assert.Equal(201, claimed.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory]
    [InlineData(FaultKind.Invalid, 1, "Fail")]
    [InlineData(FaultKind.Denied, 1, "Fail")]
    [InlineData(FaultKind.Busy, 100, "Retry")]
    [InlineData(FaultKind.Unavailable, 100, "Retry")]
    [InlineData(FaultKind.Internal, 4, "Retry")]
    [InlineData(FaultKind.Internal, 5, "Park")]
    public void Each_kind_of_fault_has_its_consequence(FaultKind kind, int failures, string expected) =>
        Assert.Equal(expected, Retry.Of(new Fault(kind, "test.failed", "It failed."), failures).ToString());

    [Fact]
    public void Pauses_grow_to_a_limit_are_spread_and_respect_what_the_other_side_asks()
    {
        var defect = new InvalidOperationException();
        for (var failures = 1; failures < 100; failures++)
            Assert.InRange(Retry.Pause(defect, failures).TotalSeconds, 0.8, 360);
        Assert.True(Retry.Pause(defect, 9) > 10 * Retry.Pause(defect, 1));
        var asked = new Fault(FaultKind.Busy, "test.busy", "Later.") { RetryAfter = TimeSpan.FromHours(1) };
        Assert.True(Retry.Pause(asked, 1) > TimeSpan.FromMinutes(45));
        Assert.True(Enumerable.Range(0, 20).Select(_ => Retry.Pause(defect, 5)).Distinct().Count() > 10);
    }

    private static async Task<TestStore> OpenAsync(string kind)
    {
        var store = await TestStore.OpenAsync(kind, EventsSetup.Room, JobsSetup.Room);
        await store.Db.WriteAsync(tx => JobStore.Add(tx, "only", "work", "{}", 0, 0));
        return store;
    }

    private static async Task<Job> ClaimAsync(Db db, List<Heartbeat> leftBehind) =>
        Assert.Single(await db.WriteAsync(tx => JobStore.Claim(tx, ["work"], leftBehind, 100, 1)));

    private static async Task<List<Heartbeat>> SeenAsync(Db db) =>
        (await db.ReadAsync(tx => JobStore.Look(tx, ["work"], ["work"], 100))).Running;
}
