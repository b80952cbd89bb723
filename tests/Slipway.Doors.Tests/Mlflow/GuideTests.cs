using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>docs/guide/tracking.md shows what works: its scripts are the samples, and they are run here.</summary>
public sealed partial class GuideTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static string Guide =>
        File.ReadAllText(Path.Combine(SlipwayProcess.RepositoryRoot, "docs/guide/tracking.md"));

    [Fact]
    public async Task The_session_with_curl_ends_with_the_run_it_made()
    {
        var start = new ProcessStartInfo(
            "bash",
            [Path.Combine(SlipwayProcess.RepositoryRoot, "samples/curl/session.sh")]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["SLIPWAY"] = server.Process.Address.GetLeftPart(UriPartial.Authority);
        using var bash = Process.Start(start)!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.True(bash.ExitCode == 0, await output + await errors);
        Assert.Contains("\"run_name\":\"first\"", await output, StringComparison.Ordinal);
        Assert.EndsWith("\"value\":0.2,", UpToTimestamp().Match(await output).Value, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("samples/curl/session.sh")]
    [InlineData("samples/mlflow/train.py")]
    public void The_guide_shows_the_sample_as_it_is(string sample)
    {
        var shown = Shown().Matches(Guide).Where(block => block.Groups["sample"].Value == sample).ToList();
        var code = File.ReadAllText(Path.Combine(SlipwayProcess.RepositoryRoot, sample));
        Assert.NotEmpty(shown);
        Assert.All(shown, block => Assert.Contains(block.Groups["code"].Value.Trim(), code, StringComparison.Ordinal));
    }

    [GeneratedRegex(
        @"<!-- from (?<sample>\S+) -->\n```\w+\n(?<code>.*?)```",
        RegexOptions.ExplicitCapture | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Shown();

    /// <summary>The last point of the answer to get-history, up to its time.</summary>
    [GeneratedRegex(@".*""value"":0\.2,(?=""timestamp"")", RegexOptions.Singleline, 1000)]
    private static partial Regex UpToTimestamp();
}
