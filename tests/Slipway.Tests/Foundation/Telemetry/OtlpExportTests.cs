using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Text;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Telemetry;

public sealed class OtlpExportTests
{
    [Fact]
    public async Task Metrics_and_traces_go_to_the_collector_that_the_standard_variables_name()
    {
        using var collector = new Collector();
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = collector.Address,
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                    ["OTEL_METRIC_EXPORT_INTERVAL"] = "60000",
                },
            }
        );
        await server.Http.GetStringAsync("/api/v1/health");

        // What is left is sent at the end.
        Assert.Equal(0, await server.StopAsync());

        Assert.Contains("slipway.store.group.size", collector.Received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("http.server.request.duration", collector.Received["/v1/metrics"], StringComparison.Ordinal);
        Assert.Contains("/api/v1/health", collector.Received["/v1/traces"], StringComparison.Ordinal);
        Assert.Contains("service.name", collector.Received["/v1/traces"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_collector_the_packages_are_not_even_loaded()
    {
        await using var server = await SlipwayProcess.StartAsync();
        await server.Http.GetStringAsync("/metrics");

        var loaded = await File.ReadAllTextAsync(
            string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}/maps")
        );

        Assert.Contains("Slipway.Foundation.dll", loaded, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", loaded, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_collector_that_is_away_holds_nothing_up()
    {
        await using var server = await SlipwayProcess.StartAsync(
            new SlipwayStart
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["OTEL_EXPORTER_OTLP_ENDPOINT"] = "http://127.0.0.1:1",
                    ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                },
            }
        );

        Assert.Equal("OK", await server.Http.GetStringAsync("/health"));
        Assert.Equal(0, await server.StopAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Takes whatever is posted to it and keeps the text of each path.</summary>
    private sealed class Collector : IDisposable
    {
        private readonly HttpListener listener = new();

        public Collector()
        {
            using (var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0))
            {
                probe.Start();
                Address = $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndpoint).Port}";
            }
            listener.Prefixes.Add(Address + "/");
            listener.Start();
            _ = TakeAsync();
        }

        public string Address { get; }

        public ConcurrentDictionary<string, string> Received { get; } = new(StringComparer.Ordinal);

        public void Dispose() => listener.Close();

        private async Task TakeAsync()
        {
            while (listener.IsListening)
            {
                HttpListenerContext context;
                try
                {
                    context = await listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                var text = Encoding.Latin1.GetString(body.ToArray());
                Received.AddOrUpdate(context.Request.Url!.AbsolutePath, text, (_, before) => before + text);
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
        }
    }
}
