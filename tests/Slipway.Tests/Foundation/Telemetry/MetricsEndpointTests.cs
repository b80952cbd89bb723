using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Slipway.Tests.Faults;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Telemetry;

public sealed partial class MetricsEndpointTests(SharedServer server) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task What_the_server_did_shows_in_its_metrics()
    {
        var client = await LoggingClient.StartAsync(server.Process);
        for (var i = 0; i < 10; i++)
            Assert.Equal(HttpStatusCode.OK, await client.SendNextAsync(server.Process));
        await server.Http.GetAsync("/no/such/path");

        var text = await server.Http.GetStringAsync("/metrics");

        Assert.True(Value(text, "http_server_request_duration_seconds_count{", "log-batch\"") >= 10);
        Assert.True(Value(text, "slipway_store_group_size_count", "") >= 10);
        Assert.True(Value(text, "slipway_store_group_duration_seconds_sum", "") > 0);
        Assert.True(Value(text, "process_cpu_seconds_total", "") > 0);
        Assert.True(Value(text, "process_resident_memory_bytes", "") > 10_000_000);
        Assert.True(Value(text, "process_open_fds", "") > 10);
        Assert.True(Value(text, "process_start_time_seconds", "") > 1_700_000_000);
        Assert.True(Value(text, "dotnet_thread_pool_thread_count", "") > 0);
        Assert.True(Value(text, "kestrel_active_connections", "") >= 1);
    }

    [Fact]
    public async Task Every_line_is_one_that_Prometheus_reads()
    {
        await server.Http.GetAsync("/no/such/path?name=%22%0A");

        using var answer = await server.Http.GetAsync("/metrics");
        var lines = (await answer.Content.ReadAsStringAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.All(lines, line => Assert.Matches(Line(), line));
    }

    [Fact]
    public async Task Paths_and_queries_of_requests_do_not_become_labels()
    {
        await server.Http.GetAsync("/api/2.0/mlflow/runs/get?run_id=secret-of-mine");
        await server.Http.GetAsync("/secret-of-mine/and/more");

        Assert.DoesNotContain("secret-of-mine", await server.Http.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    private static double Value(string text, string start, string contains) =>
        double.Parse(
            text.Split('\n')
                .First(line =>
                    line.StartsWith(start, StringComparison.Ordinal)
                    && line.Contains(contains, StringComparison.Ordinal)
                )
                .Split(' ')[^1],
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex(
        """^(# (HELP|TYPE) [a-z_][a-z0-9_]* .+|[a-z_][a-z0-9_]*(\{([a-z_][a-z0-9_]*="([^"\\]|\\.)*",?)*\})? [-+0-9.eEInfNa]+)$""",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Line();
}
