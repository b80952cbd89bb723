using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.Tests.Doors.Mlflow;

/// <summary>
/// Requests to MLflow's door by chance: mostly fields that its calls know, mostly with values that fit, so that calls get
/// far; then something is missing, of another kind, too long, too deep or not JSON at all.
/// </summary>
internal sealed class AnythingSent(int seed, IReadOnlyDictionary<string, string> made)
{
    private static readonly string[] Filters =
    [
        "metrics.m > 0.5",
        "params.p = 'v' OR tags.t LIKE '%'",
        "name = 'x'",
        "status = 'OK'",
        "((((",
        "'; drop table tracking_runs; --",
        "span.name = 'x' AND trace.text LIKE '%_%'",
        "a.b.c = 1e400",
        "metrics.`m` IN (1, 2, NaN)",
        "tags.t RLIKE '(a+)+$'",
        "start_time > 99999999999999999999",
    ];

    private static readonly string[] Texts =
    [
        "",
        " ",
        "..",
        "../../etc/passwd",
        "a/b",
        "%2e%2e",
        "é日本\U0001F600",
        "\0",
        "a\0b",
        "'; drop table tracking_runs; --",
        "NaN",
        "-1",
        "99999999999999999999",
        "2026-11-21T10:00:00Z",
        "1.5s",
        "-5s",
        "eyJvZmZzZXQiOiA1fQ==",
        "{\"a\": [1, {}]}",
        "[{\"inputs\": {\"q\": 1}}]",
        "FINISHED",
        "metrics.m DESC",
        "MLFLOW_EXPERIMENT",
    ];

    /// <summary>Values as JSON, also such as no writer would make.</summary>
    private static readonly string[] Odd =
    [
        "null",
        "true",
        "0",
        "-1",
        "1.5",
        "1e400",
        "-0.0",
        "9223372036854775808",
        "-9223372036854775808",
        "1e30",
        "[]",
        "{}",
        "[null]",
        "[[]]",
        "[{}]",
        "[1, \"a\", null]",
        "{\"key\": null}",
        "\"\\ud800\"",
        "\"\\udc00x\"",
        "{\"\\ud800\": 1}",
        "{\"a\": {\"b\": {\"c\": []}}}",
        "[\"\\ud800\"]",
    ];

    private static readonly string[] NotJson =
    [
        "",
        "{",
        "[]",
        "null",
        "\"text\"",
        "{\"a\":1}}",
        "{\"run_id\": NaN}",
        "{'a': 1}",
        "\ufeff{}",
        "{\"a\" 1}",
        "{\"a\": \"\u0001\"}",
        "{\"tags\": tru",
    ];

    private readonly Random random = new(seed);

    public HttpRequestMessage To(string method, string path)
    {
        var isRead = method is "GET" or "HEAD";
        var request = new HttpRequestMessage(new HttpMethod(method), isRead ? $"{path}?{Query()}" : path);
        if (!isRead || random.Next(20) == 0)
            request.Content = Content(path.Contains("artifact", StringComparison.Ordinal));
        return request;
    }

    /// <summary>What stands in a place of a path: something that is there, or anything.</summary>
    public string Place(string name) =>
        Uri.EscapeDataString(random.Next(4) > 0 && made.TryGetValue(name, out var id) ? id : Text());

    private HttpContent Content(bool isFile)
    {
        var bytes = random.Next(12) switch
        {
            0 => Encoding.UTF8.GetBytes(Pick(NotJson)),
            1 => Noise(),
            2 => Encoding.UTF8.GetBytes(Deep()),
            _ => Encoding.UTF8.GetBytes(Body()),
        };
        var content = new ByteArrayContent(isFile ? Noise() : bytes);
        var type =
            random.Next(15) == 0
                ? Pick(["text/plain", "application/jsonx", "application/x-protobuf"])
                : "application/json";
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        return content;
    }

    private string Body()
    {
        var fields = Fitting().Where(_ => random.Next(8) > 0).ToDictionary(field => field.Name, field => field.Json);
        for (var i = random.Next(4); i > 0; i--)
        {
            if (fields.Count > 0)
                fields[fields.Keys.ElementAt(random.Next(fields.Count))] =
                    random.Next(2) == 0 ? Pick(Odd) : Quoted(Text());
        }
        var members = fields.Select(field => $"{Quoted(field.Key)}: {field.Value}").ToArray();
        random.Shuffle(members);
        return $"{{{string.Join(", ", members)}}}";
    }

    private string Query() =>
        string.Join(
            '&',
            Fitting()
                .Where(_ => random.Next(3) > 0)
                .Select(field => (field.Name, Value: random.Next(6) == 0 ? Text() : field.Json.Trim('"')))
                .Select(field => $"{field.Name}={Uri.EscapeDataString(field.Value)}")
        );

    /// <summary>Every field that the calls of the door know, with a value that one of them takes.</summary>
    private IEnumerable<(string Name, string Json)> Fitting()
    {
        foreach (var (name, id) in made)
            yield return (name, Quoted(id));
        string[] numbers = ["timestamp", "timestamp_ms", "step", "start_time", "end_time", "start_step", "end_step"];
        foreach (var name in numbers)
            yield return (name, random.Next(1000).ToString(CultureInfo.InvariantCulture));
        yield return ("value", random.Next(2) == 0 ? "1.5" : "\"v\"");
        yield return ("key", Quoted(Pick(["k", "m", "p", "t"])));
        yield return ("name", Quoted(random.Next(2) == 0 ? made["registered_model"] : $"n{random.Next()}"));
        yield return ("new_name", Quoted($"n{random.Next()}"));
        yield return ("version", random.Next(2) == 0 ? "\"1\"" : "\"2\"");
        yield return ("alias", Quoted(Pick(["champion", "latest", "v1"])));
        yield return ("stage", Quoted(Pick(["Staging", "production", "None"])));
        yield return ("archive_existing_versions", random.Next(2) == 0 ? "true" : "false");
        yield return ("source", Quoted(Pick(["s3://bucket/model", "models:/r/1", "runs:/x/m", "/etc", "models:/m-1"])));
        yield return ("filter", Quoted(Pick(Filters)));
        yield return ("filter_string", Quoted(Pick(Filters)));
        yield return ("order_by", """["metrics.m DESC", "start_time"]""");
        yield return ("max_results", random.Next(1, 20).ToString(CultureInfo.InvariantCulture));
        yield return ("metric_key", "\"m\"");
        yield return ("path", Quoted(Pick(["a.txt", "a/b", "..", ""])));
        yield return ("status", Quoted(Pick(["FINISHED", "LOGGED_MODEL_READY", "OK"])));
        yield return (
            "model_json",
            Quoted("{\"artifact_path\": \"a\", \"flavors\": {}, \"utc_time_created\": \"t\", \"run_id\": \"r\"}")
        );
        yield return ("records", Quoted("[{\"inputs\": {\"q\": 1}, \"outputs\": 2, \"tags\": {}}]"));
        foreach (
            var (name, source) in new[]
            {
                ("experiment_ids", "experiment_id"),
                ("run_ids", "run_id"),
                ("trace_ids", "trace_id"),
                ("request_ids", "trace_id"),
            }
        )
            yield return (name, $"[{Quoted(made[source])}]");
        yield return ("metrics", """[{"key": "m", "value": 1, "timestamp": 1, "step": 2}]""");
        yield return ("params", """[{"key": "p", "value": "v"}]""");
        yield return ("tags", random.Next(2) == 0 ? """[{"key": "t", "value": "v"}]""" : """{"t": "v"}""");
        yield return (
            "datasets",
            """[{"dataset": {"name": "d", "digest": "1", "source_type": "s", "source": "s"}, "dataset_name": "d"}]"""
        );
        yield return ("models", $$"""[{"model_id": {{Quoted(made["model_id"])}}, "step": 1}]""");
        yield return ("trace", $$$"""{"trace_info": {{{Trace()}}}}""");
        yield return ("locations", $"[{Location()}]");
        yield return (
            "assessment",
            """{"assessment_name": "a", "source": {"source_type": "HUMAN", "source_id": "x"}, "feedback": {"value": 1}}"""
        );
        yield return ("update_mask", "\"feedback,rationale\"");
        yield return ("aggregations", """[{"aggregation_type": "COUNT"}]""");
        yield return ("view_type", random.Next(2) == 0 ? "\"TRACES\"" : "\"ALL\"");
        yield return ("metric_name", "\"trace_count\"");
        yield return ("permission", "\"READ\"");
        yield return ("num_parts", "2");
    }

    private string Location() =>
        $$$"""{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": {{{Quoted(made["experiment_id"])}}}}}""";

    private string Trace() =>
        $$$"""{"trace_id": "tr-{{{random.Next(5)}}}", "trace_location": {{{Location()}}}, "state": "OK", "tags": {"t": "v"}}""";

    private string Text() =>
        random.Next(8) switch
        {
            0 => new string((char)random.Next('a', 'z'), random.Next(9000)),
            1 => new string('\u00e9', random.Next(300)),
            _ => Pick(Texts),
        };

    private string Deep()
    {
        var depth = random.Next(40, 200);
        return $"{{\"tags\": {new string('[', depth)}{new string(']', depth)}}}";
    }

    private byte[] Noise()
    {
        var bytes = new byte[random.Next(200)];
        random.NextBytes(bytes);
        return bytes;
    }

    private string Pick(string[] of) => of[random.Next(of.Length)];

    private static string Quoted(string text) => JsonSerializer.Serialize(text);
}
