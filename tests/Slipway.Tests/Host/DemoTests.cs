using System.Diagnostics;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

public sealed class DemoTests
{
    [Fact]
    public async Task The_demo_trains_on_real_data_and_finds_its_best_run_by_a_search()
    {
        using var folder = new TestFolder();
        string[] arguments = ["demo", "--data", folder.At("data"), "--port", "0", "--once"];
        using var demo = Process.Start(
            new ProcessStartInfo(SlipwayProcess.Binary, arguments)
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var shown = await demo.StandardOutput.ReadToEndAsync();
        await demo.WaitForExitAsync();

        Assert.Equal(0, demo.ExitCode);
        var lines = shown.Split('\n').ToList();
        var head = lines.FindIndex(line => line.StartsWith("Run ", StringComparison.Ordinal));
        Assert.True(head > 0, shown);
        // All features foretell the rides better than the weather alone.
        Assert.StartsWith("all-ridge-0 ", lines[head + 1], StringComparison.Ordinal);
        Assert.StartsWith("weather-ridge", lines[head + 8], StringComparison.Ordinal);
    }
}
