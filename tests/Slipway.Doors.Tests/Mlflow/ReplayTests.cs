using Slipway.Doors.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// The door against recorded traffic of a real MLflow server. Where the recording is not at hand there is nothing to
/// replay; the scenarios beside this file are ours and always run.
/// </summary>
public sealed class ReplayTests
{
    private static readonly string[] Finished =
    [
        "/experiments/",
        "/runs/",
        "/metrics/",
        "/logged-models",
        "/mlflow/datasets/",
        "/mlflow-artifacts/",
        "/artifacts",
        "/upload-artifact",
    ];

    [Fact]
    public async Task Recorded_traffic_is_answered_as_recorded_or_the_difference_has_a_reason()
    {
        if (!Recording.IsThere)
            return;
        var open = await Recording.ReplayAsync(signedIn: false);
        var signedIn = await Recording.ReplayAsync(signedIn: true);
        if (Environment.GetEnvironmentVariable("SLIPWAY_REGENERATE") == "1")
            ConformancePage.Write([("Without signing in", open), ("Signed in", signedIn)]);

        var explained = ConformancePage.Explained();
        var unexplained = open
            .Differences.Concat(signedIn.Differences)
            .Where(d => !explained.Contains(d.Seq))
            .Where(d => Array.Exists(Finished, part => d.Path.Contains(part, StringComparison.Ordinal)))
            .Where(d => !d.Path.Contains("/permissions/", StringComparison.Ordinal));
        Assert.Empty(unexplained);
        Assert.Empty(ConformancePage.Broken("Without signing in", open));
        Assert.Empty(ConformancePage.Broken("Signed in", signedIn));
    }
}
