using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Foundation.Basics;
using Slipway.Tests.Kit;
using Slipway.Tests.Tracing;
using Slipway.Tracing;

namespace Slipway.Tests.Doors.Otlp;

/// <summary>POST /v1/traces on the real program.</summary>
public sealed class OtlpDoorTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Protobuf = "application/x-protobuf";

    [Fact]
    public async Task Protobuf_and_json_say_the_same()
    {
        await SentAsync(Export(Samples.FullSpan() with { Attributes = Named("tr-binary") }));
        await SentAsync(
            Encoding.UTF8.GetBytes(JsonExport.Replace("TRACE", "tr-json", StringComparison.Ordinal)),
            "application/json"
        );
        var binary = await SpansAsync("tr-binary");
        var json = await SpansAsync("tr-json");
        Assert.Equal(
            binary.ToJsonString().Replace("tr-binary", "", StringComparison.Ordinal),
            json.ToJsonString().Replace("tr-json", "", StringComparison.Ordinal)
        );
        Assert.Equal("1700000000123456789", binary[0]!["start_time_unix_nano"]!.ToJsonString());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("raw deflate")]
    public async Task A_packed_export_is_unpacked(string packing)
    {
        var id = $"tr-{packing.Replace(' ', '-')}";
        var body = Packed(Export(Samples.FullSpan() with { Attributes = Named(id) }), packing);
        await SentAsync(body, Protobuf, packing == "gzip" ? "gzip" : "deflate");
        Assert.Single(await SpansAsync(id));
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    public async Task A_small_body_that_unpacks_to_a_large_one_is_refused(string packing)
    {
        using var answer = await PostAsync(Packed(new byte[200 << 20], packing), Protobuf, packing);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("exceeds", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_export_without_a_header_an_experiment_or_a_known_type_is_refused()
    {
        var body = Export(Samples.FullSpan());
        using var noHeader = await PostAsync(body, Protobuf, experiment: null);
        using var noExperiment = await PostAsync(body, Protobuf, experiment: "4711");
        using var noNumber = await PostAsync(body, Protobuf, experiment: "chat");
        using var noType = await PostAsync(body, "text/plain");
        using var noEncoding = await PostAsync(body, Protobuf, "br");
        Assert.Equal(
            [422, 422, 422, 400, 400],
            new[] { noHeader, noExperiment, noNumber, noType, noEncoding }.Select(a => (int)a.StatusCode)
        );
        Assert.Contains("x-mlflow-experiment-id", await noHeader.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    public static TheoryData<string, string, byte[]> Hostile =>
        new()
        {
            { "nothing", Protobuf, [] },
            { "prose", Protobuf, Encoding.ASCII.GetBytes("this is not valid protobuf data at all") },
            { "a length beyond the end", Protobuf, [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f] },
            { "a number without end", Protobuf, [.. Enumerable.Repeat((byte)0xff, 64)] },
            { "groups within groups", Protobuf, [.. Enumerable.Repeat((byte)0x0b, 100_000)] },
            { "a span without ids", Protobuf, [0x0a, 0x04, 0x12, 0x02, 0x12, 0x00] },
            { "gzip that is none", Protobuf + ";gzip", [1, 2, 3] },
            { "no document", "application/json", Encoding.UTF8.GetBytes("{\"resourceSpans\": [") },
            { "another document", "application/json", Encoding.UTF8.GetBytes("[1, 2]") },
            { "ten thousand levels", "application/json", Encoding.UTF8.GetBytes(new string('[', 10_000)) },
            {
                "an id that is no hexadecimal",
                "application/json",
                JsonSpan("\"traceId\": \"xyz\", \"spanId\": \"0102030405060708\"")
            },
            {
                "an id that is too short",
                "application/json",
                JsonSpan("\"traceId\": \"0102\", \"spanId\": \"0102030405060708\"")
            },
            {
                "a time that is no number",
                "application/json",
                JsonSpan(
                    "\"traceId\": \"000102030405060708090a0b0c0d0e0f\", \"spanId\": \"0102030405060708\", \"startTimeUnixNano\": \"now\""
                )
            },
        };

    [Theory, MemberData(nameof(Hostile))]
    public async Task A_body_that_is_no_export_is_a_refusal_and_not_a_failure(string what, string type, byte[] body)
    {
        var parts = type.Split(';');
        using var answer = await PostAsync(body, parts[0], parts.Length > 1 ? parts[1] : null);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{what}: {(int)answer.StatusCode} {text}");
        Assert.Contains("detail", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Protobuf, "")]
    [InlineData("application/json", "{}")]
    public async Task The_answer_has_the_form_of_the_export(string type, string expected)
    {
        var body =
            type == Protobuf
                ? Export(Samples.FullSpan() with { Attributes = Named("tr-form") })
                : Encoding.UTF8.GetBytes(JsonExport.Replace("TRACE", "tr-form", StringComparison.Ordinal));
        using var answer = await PostAsync(body, type);
        Assert.Equal(
            (HttpStatusCode.OK, type, expected),
            (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType, await answer.Content.ReadAsStringAsync())
        );
    }

    [Fact]
    public async Task A_bad_span_among_good_ones_refuses_the_export_whole()
    {
        var export = new ProtobufWriter();
        export.Message(
            1,
            Samples.FullSpan() with
            {
                Attributes = Named("tr-half"),
            },
            (resource, s) =>
                resource.Message(
                    2,
                    s,
                    (scope, one) =>
                    {
                        scope.Message(2, one, SpanWriter.Write);
                        scope.Bytes(2, []);
                    }
                )
        );
        using var answer = await PostAsync(export.Written.ToArray(), Protobuf);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var got = await server.Http.GetAsync("/api/3.0/mlflow/traces/get?trace_id=tr-half");
        Assert.Equal(HttpStatusCode.NotFound, got.StatusCode);
    }

    [Fact]
    public async Task An_attribute_of_megabytes_comes_back_whole_and_one_beyond_the_limit_is_refused()
    {
        var text = new string('x', 8 << 20);
        var span = Samples.FullSpan() with
        {
            Attributes = [.. Named("tr-huge"), KeyValuePair.Create<string, AnyValue>("text", new AnyValue.Text(text))],
        };
        await SentAsync(Export(span));
        Assert.Contains(text, (await SpansAsync("tr-huge")).ToJsonString(), StringComparison.Ordinal);
        using var beyond = await PostAsync(new byte[(32 << 20) + 1], Protobuf);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, beyond.StatusCode);
    }

    [Fact]
    public async Task An_export_that_holds_no_spans_is_taken()
    {
        var empty = new ProtobufWriter();
        empty.Bytes(1, []);
        await SentAsync(empty.Written.ToArray());
    }

    [Fact]
    public async Task Lists_and_maps_that_came_as_json_in_a_text_are_answered_as_what_they_are()
    {
        var span = Samples.FullSpan() with
        {
            Attributes =
            [
                .. Named("tr-text"),
                KeyValuePair.Create<string, AnyValue>("map", new AnyValue.Text("{\"a\": [1, 2.5]}")),
                KeyValuePair.Create<string, AnyValue>("number", new AnyValue.Text("12")),
            ],
        };
        await SentAsync(Export(span));
        var attributes = (await SpansAsync("tr-text"))[0]!["attributes"]!.ToJsonString();
        Assert.Contains(
            "{\"kvlist_value\":{\"values\":[{\"key\":\"a\",\"value\":{\"array_value\"",
            attributes,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "{\"key\":\"number\",\"value\":{\"string_value\":\"12\"}}",
            attributes,
            StringComparison.Ordinal
        );
    }

    private const string JsonExport = """
        {"resourceSpans": [{"scopeSpans": [{"spans": [{
          "traceId": "0102030405060708090a0b0c0d0e0f10", "spanId": "0102030405060708", "parentSpanId": "",
          "traceState": "vendor=1", "flags": 257, "name": "naïve \u0000 😀", "kind": 3,
          "startTimeUnixNano": "1700000000123456789", "endTimeUnixNano": 1700000001123456789,
          "attributes": [{"key": "mlflow.traceRequestId", "value": {"stringValue": "TRACE"}}, {"key": "n", "value": {"intValue": "7"}}],
          "events": [{"timeUnixNano": "7", "name": "spoke", "attributes": [{"key": "foo", "value": {"stringValue": "bar"}}]}],
          "links": [{"traceId": "00000000000000000000000000000000", "spanId": "0000000000000000", "traceState": "s=1"}],
          "status": {"code": "STATUS_CODE_ERROR", "message": "no \"luck\""}, "unknown": {"x": 1}
        }]}]}]}
        """;

    private static KeyValuePair<string, AnyValue>[] Named(string traceId) =>
        [
            KeyValuePair.Create<string, AnyValue>(TraceKeys.SpanTraceId, new AnyValue.Text(traceId)),
            KeyValuePair.Create<string, AnyValue>("n", new AnyValue.Whole(7)),
        ];

    private static byte[] Export(Span span)
    {
        var export = new ProtobufWriter();
        export.Message(
            1,
            span,
            (resource, s) => resource.Message(2, s, (scope, one) => scope.Message(2, one, SpanWriter.Write))
        );
        return export.Written.ToArray();
    }

    private static byte[] JsonSpan(string fields) =>
        Encoding.UTF8.GetBytes($"{{\"resourceSpans\": [{{\"scopeSpans\": [{{\"spans\": [{{{fields}}}]}}]}}]}}");

    private static byte[] Packed(byte[] body, string packing)
    {
        using var packed = new MemoryStream();
        using (
            Stream stream = packing switch
            {
                "gzip" => new GZipStream(packed, CompressionLevel.Fastest),
                "deflate" => new ZLibStream(packed, CompressionLevel.Fastest),
                _ => new DeflateStream(packed, CompressionLevel.Fastest),
            }
        )
            stream.Write(body);
        return packed.ToArray();
    }

    private async Task SentAsync(byte[] body, string type = Protobuf, string? encoding = null)
    {
        using var answer = await PostAsync(body, type, encoding);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    private async Task<HttpResponseMessage> PostAsync(
        byte[] body,
        string type,
        string? encoding = null,
        string? experiment = "0"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/traces")
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        if (encoding is not null)
            request.Content.Headers.ContentEncoding.Add(encoding);
        if (experiment is not null)
            request.Headers.Add("x-mlflow-experiment-id", experiment);
        return await server.Http.SendAsync(request);
    }

    private async Task<JsonArray> SpansAsync(string id)
    {
        var answer = JsonNode.Parse(await server.Http.GetStringAsync($"/api/3.0/mlflow/traces/get?trace_id={id}"))!;
        return answer["trace"]!["spans"]!.AsArray();
    }
}
