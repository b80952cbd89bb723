using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Governance;
using Slipway.Governance.Jobs;

namespace Slipway.Tests.Governance.Jobs;

public sealed class ScanJobTests
{
    [Fact]
    public async Task Each_version_that_is_registered_is_scanned_by_a_job()
    {
        await using var fixture = await GovernanceFixture.OpenAsync();
        await fixture.RegisterAsync(("model.pkl", GovernanceFixture.Pickle));
        await fixture.RegisterSafeAsync();
        var job = new ScanJob(fixture.Scans, fixture.Registry.Versions);
        await ChainSealer.SealAsync(fixture.Db, CancellationToken.None);
        await EventDelivery.DeliverAsync(fixture.Db, job.Listener, 100);
        foreach (var payload in await PayloadsAsync(fixture))
            await job.Kind.Work(new Job("j", job.Kind.Name, payload, 1, 0), CancellationToken.None);
        var first = await fixture.Scans.StandingAsync(fixture.Author, "fares", 1);
        Assert.Equal(ScanVerdict.Unsafe, first.Scan!.Verdict);
        Assert.Equal(ScanVerdict.Safe, (await fixture.Scans.StandingAsync(fixture.Author, "fares", 2)).Scan!.Verdict);
    }

    [Fact]
    public async Task A_version_that_is_gone_needs_no_scan()
    {
        await using var fixture = await GovernanceFixture.OpenAsync();
        await fixture.RegisterSafeAsync();
        await fixture.Registry.Versions.DeleteAsync(fixture.Author, "fares", 1);
        var job = new ScanJob(fixture.Scans, fixture.Registry.Versions);
        const string Payload = """{"workspace":"default","name":"fares","version":"1"}""";
        await job.Kind.Work(new Job("j", job.Kind.Name, Payload, 1, 0), CancellationToken.None);
    }

    private static Task<List<string>> PayloadsAsync(GovernanceFixture fixture) =>
        fixture.Db.ReadAsync(tx =>
            tx.Many(
                "select payload from foundation_jobs where kind = @kind",
                r => r.Text(0),
                ("kind", "governance.scan")
            )
        );
}
