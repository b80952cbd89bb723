using Slipway.Tests.Faults.Shim;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Faults F02, F04 and F07: a disk that fails a call, or forgets what was not synced.</summary>
public sealed class BrokenDiskTests(ITestOutputHelper output)
{
    [Fact]
    public async Task A_failed_sync_is_never_acknowledged_and_ends_the_server_with_its_reason()
    {
        using var faults = await FileFaults.PrepareAsync();
        await using var server = await SlipwayProcess.StartAsync(faults.Start);
        var script = new MlflowScript();
        faults.FailCall(2, Errno.InputOutput, "sync");
        await script.PlayAsync(server);
        // The first sync may be that of a step, or of what the server still had to write down about its start.
        Assert.InRange(script.Acknowledged, 0, 1);
        Assert.NotEqual(0, await server.EndedAsync(TimeSpan.FromSeconds(30)));
        Assert.Contains("disk", server.Log, StringComparison.Ordinal);
        Assert.DoesNotContain("Unhandled exception", server.Log, StringComparison.Ordinal);

        faults.Mend();
        await using var again = await server.StartAgainAsync();
        await script.CheckAsync(again, script.Acknowledged);
    }

    [Theory]
    [InlineData(Errno.InputOutput)]
    [InlineData(Errno.NoSpace)]
    public async Task Whichever_file_call_fails_each_step_is_there_or_not_and_never_half(Errno error)
    {
        // One call fails each time, until the script ends before the call has come: then every k was tried. Some calls are
        // not the script's (the sealer's, the mark's); those may fail without a step noticing.
        var stride = Seeds.Count(5, 1);
        var tried = 0;
        for (var k = 1; ; k += stride, tried++)
        {
            using var faults = await FileFaults.PrepareAsync();
            await using var server = await SlipwayProcess.StartAsync(faults.Start);
            var script = new MlflowScript();
            faults.FailCall(k, error);
            await script.PlayAsync(server);
            if (!server.HasEnded)
                await server.KillAsync();
            faults.Mend();
            await using var again = await server.StartAgainAsync();
            await script.CheckAsync(again, script.Acknowledged);
            if (!faults.HasFailed)
                break;
        }
        output.WriteLine($"{tried} failing calls with {error}, every step whole or absent");
        Assert.True(tried >= 30 / stride, $"Only {tried} calls could fail: the script does not reach the disk.");
    }

    [Fact]
    public async Task After_a_power_failure_all_that_was_acknowledged_is_there()
    {
        using var faults = await FileFaults.PrepareAsync();
        var acknowledgedAt = new List<long>();
        var script = new MlflowScript();
        await using (var server = await SlipwayProcess.StartAsync(faults.Start))
        {
            await script.PlayAsync(server, () => acknowledgedAt.Add(faults.Traced));
            await server.KillAsync();
        }
        Assert.Equal(script.Length, script.Acknowledged);

        var trace = faults.ReadTrace().ToList();
        var random = new Random(7);
        var from = acknowledgedAt[0];
        var cuts = trace.Where(t => t.End >= from && t.Change.Kind == FileChange.Synced).Select(t => t.End).ToList();
        Assert.True(cuts.Count >= script.Length - 1, $"{cuts.Count} syncs for {script.Length} acknowledged steps.");
        foreach (var cut in Seeds.Long ? cuts : cuts.Where((_, i) => i % 3 == 0))
        {
            foreach (var seed in Enumerable.Range(0, Seeds.Count(2, 20)))
            {
                using var disk = new TestFolder();
                PowerFailure.Rebuild(trace, cut, faults.DataPath, disk.At("data"), new Random(random.Next() + seed));
                await using var server = await SlipwayProcess.StartAsync(
                    new SlipwayStart { DataPath = disk.At("data") }
                );
                await script.CheckAsync(server, acknowledgedAt.Count(at => at <= cut));
            }
        }
        output.WriteLine($"{cuts.Count} points of failure after {trace.Count} file calls");
    }
}
