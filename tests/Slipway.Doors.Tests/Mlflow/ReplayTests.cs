using Slipway.Doors.Tests.Kit;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// The door against recorded traffic of a real MLflow server. Where the recording is not at hand, the rates that it gave
/// are looked at, and what our own recordings hold is replayed beside this file.
/// </summary>
public sealed class ReplayTests(S3Server s3)
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

        Assert.Empty(Unexplained(open, signedIn));
        Assert.Empty(ConformancePage.Broken("Without signing in", open));
        Assert.Empty(ConformancePage.Broken("Signed in", signedIn));
        Assert.Empty(ConformancePage.Miscounted());
    }

    /// <summary>Parts that clients send past the server are had in a bucket, and the recorded server had a folder.</summary>
    [Fact]
    public async Task On_PostgreSQL_and_S3_recorded_traffic_is_answered_as_on_SQLite_and_a_folder()
    {
        if (!Recording.IsThere || !Seeds.Long)
        {
            Assert.Empty(ConformancePage.Miscounted());
            return;
        }
        await using var postgres = await PostgresServer.StartAsync();
        string[] stores = ["--store", postgres.Address, "--blobs", await s3.NewAddressAsync()];

        var open = await Recording.ReplayAsync(signedIn: false, stores);
        var signedIn = await Recording.ReplayAsync(signedIn: true, stores);

        var inParts = new[] { "/mpu/", "/presigned/" };
        var unexplained = Unexplained(open, signedIn).ToList();
        unexplained.RemoveAll(d => Array.Exists(inParts, part => d.Path.Contains(part, StringComparison.Ordinal)));
        Assert.Empty(unexplained);
        Assert.True(open.Endpoints.Values.Sum(e => e.Passed) > 200);
    }

    private static IEnumerable<Difference> Unexplained(params ReplayResult[] results)
    {
        var explained = ConformancePage.Explained();
        return results
            .SelectMany(result => result.Differences)
            .Where(d => !explained.Contains(d.Seq))
            .Where(d => !Array.Exists(NotYet, part => d.Path.Contains(part, StringComparison.Ordinal)));
    }
}
