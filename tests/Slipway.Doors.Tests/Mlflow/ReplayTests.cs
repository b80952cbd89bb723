using Slipway.Doors.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// The door against recorded traffic of a real MLflow server. Where the recording is not at hand, the rates that it gave
/// are looked at, and what our own recordings hold is replayed beside this file.
/// </summary>
public sealed class ReplayTests
{
    /// <summary>What MLflow has and Slipway does not have yet; its calls have effects that other calls show.</summary>
    private static readonly string[] NotYet =
    [
        "/webhooks",
        "/scorers/",
        "/scorer/",
        "/issues",
        "/prompt-optimization/",
        "/gateway",
        "/graphql",
        "/jobs",
        "/assistant/",
    ];

    [Fact]
    public async Task Recorded_traffic_is_answered_as_recorded_or_the_difference_has_a_reason()
    {
        if (!Recording.IsThere)
        {
            Assert.Empty(ConformancePage.Miscounted());
            return;
        }
        var open = await Recording.ReplayAsync(signedIn: false);
        var signedIn = await Recording.ReplayAsync(signedIn: true);
        if (Environment.GetEnvironmentVariable("SLIPWAY_REGENERATE") == "1")
            ConformancePage.Write([("Without signing in", open), ("Signed in", signedIn)]);

        var explained = ConformancePage.Explained();
        var unexplained = open
            .Differences.Concat(signedIn.Differences)
            .Where(d => !explained.Contains(d.Seq))
            .Where(d => !Array.Exists(NotYet, part => d.Path.Contains(part, StringComparison.Ordinal)));
        Assert.Empty(unexplained);
        Assert.Empty(ConformancePage.Broken("Without signing in", open));
        Assert.Empty(ConformancePage.Broken("Signed in", signedIn));
        Assert.Empty(ConformancePage.Miscounted());
    }
}
