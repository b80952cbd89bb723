using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host.Import;

/// <summary>Traces and an evaluation dataset as MLflow 3.12 has them in its tables, and what they are once they have come over.</summary>
internal static class ImportedTraces
{
    public const string Id = "tr-f859b1637eadf58bf1f4c48f4fad6dd4";
    public const string OldId = "991fc2f0c4474bd3ac061bc6665f04a2";
    private const string DatasetId = "d-e8fa250500d64ecb86bb2ec6df6ccb18";

    private const string Root =
        """{"trace_id": "+FmxY36t9Yvx9MSPT61t1A==", "span_id": "/qjhgz9UND4=", "parent_span_id": null, "name": "f", "start_time_unix_nano": 1795287952573378589, "end_time_unix_nano": 1795287952808585110, "events": [], "status": {"code": "STATUS_CODE_OK", "message": ""}, "attributes": {"mlflow.traceRequestId": "\"tr-f859b1637eadf58bf1f4c48f4fad6dd4\"", "mlflow.spanType": "\"UNKNOWN\"", "mlflow.spanInputs": "{\"x\": \"hey\"}", "mlflow.spanOutputs": "\"out hey\""}}""";

    private const string Inner =
        """{"trace_id": "+FmxY36t9Yvx9MSPT61t1A==", "span_id": "fGt+T54pqeM=", "parent_span_id": "/qjhgz9UND4=", "name": "inner", "start_time_unix_nano": 1795287952757822522, "end_time_unix_nano": 1795287952758082996, "events": [{"name": "ev", "time_unix_nano": 1795287952757980416, "attributes": {"z": 1}}], "status": {"code": "STATUS_CODE_ERROR", "message": "oh"}, "attributes": {"mlflow.traceRequestId": "\"tr-f859b1637eadf58bf1f4c48f4fad6dd4\"", "mlflow.spanType": "\"LLM\"", "mlflow.spanInputs": "{\"q\": \"hey\", \"n\": 1.5}", "k": "\"v\""}}""";

    public static void Write(MlflowDatabase database, string folder)
    {
        database.Run(
            "insert into trace_info values ($a, 7, 1795287952573, 235, 'OK', 'mine', '{\"x\": \"hey\"}', '\"out hey\"'), ($b, 7, 1700000000000, null, 'IN_PROGRESS', null, null, null)",
            Id,
            OldId
        );
        database.Run(
            "insert into trace_tags values ('mlflow.trace.spansLocation', 'TRACKING_STORE', $a), ('who', 'me', $a), ('mlflow.traceName', 'old', $b), ('mlflow.artifactLocation', $c, $b)",
            Id,
            OldId,
            $"mlflow-artifacts:/7/traces/{OldId}/artifacts"
        );
        database.Run(
            "insert into trace_request_metadata values ('mlflow.sourceRun', $b, $a), ('mlflow.trace.infoFinalized', 'true', $a)",
            Id,
            Imported.RunId
        );
        database.Run(
            "insert into spans values ($a, 7, '7c6b7e4f9e29a9e3', 'fea8e1833f54343e', 'inner', 'LLM', 'ERROR', 1795287952757822522, 1795287952758082996, $b, null), ($a, 7, 'fea8e1833f54343e', null, 'f', 'UNKNOWN', 'OK', 1795287952573378589, 1795287952808585110, $c, null)",
            Id,
            Inner,
            Root
        );
        database.Run(
            "insert into assessments values ('a-1', $a, 'good', 'feedback', '0.5', null, 1795287954368, 1795287954369, 'HUMAN', 'bob', null, null, 'because', null, 1, '{\"x\": \"y\"}'), ('a-2', $a, 'exp', 'expectation', '{\"a\": [1, \"z\"]}', null, 1795287954415, 1795287954415, 'HUMAN', 'default', null, null, null, null, 1, null), ('a-3', $a, 'err', 'feedback', 'null', '{\"error_code\": \"ValueError\", \"error_message\": \"boom\"}', 1795287954388, 1795287954388, 'CODE', 'default', null, null, null, null, 1, null)",
            Id
        );
        MlflowFolder.Write(
            """{"spans": []}""",
            folder,
            "mlartifacts",
            "7",
            "traces",
            OldId,
            "artifacts",
            "traces.json"
        );
        database.Run(
            "insert into evaluation_datasets values ($a, 'eds', null, null, '835c2cd1', 1795287954475, 1795287954523, 'root', 'root', 'default')",
            DatasetId
        );
        database.Run("insert into evaluation_dataset_tags values ($a, 't', '1')", DatasetId);
        database.Run(
            "insert into entity_associations values ('a-b', 'evaluation_dataset', $a, 'experiment', '7', 0), ('a-c', 'evaluation_dataset', $a, 'experiment', '99', 0), ('a-d', 'trace', $b, 'run', $c, 0)",
            DatasetId,
            OldId,
            Imported.RunId
        );
        database.Run(
            "insert into evaluation_dataset_records values ('dr-1', $a, '{\"q\": \"a\", \"n\": 1}', '{\"e\": \"x\"}', '{\"k\": \"v\"}', null, null, null, 1795287954523, 1795287954524, 'root', 'ann', 'h1', null), ('dr-2', $a, '{\"q\": \"b\"}', null, null, '{\"source_type\": \"HUMAN\", \"source_data\": {\"who\": \"x\"}}', null, 'HUMAN', 1795287954525, 1795287954525, 'root', 'root', 'h2', '{\"mlflow_wrapped\": 2}')",
            DatasetId
        );
    }

    public static async Task CheckAsync(SlipwayProcess server)
    {
        var trace = (await GetAsync(server, $"traces/get?trace_id={Id}")).GetProperty("trace");
        var head = trace.GetProperty("trace_info");
        Assert.Equal("2026-11-21T19:05:52.573Z", head.GetProperty("request_time").GetString());
        Assert.Equal("0.235s", head.GetProperty("execution_duration").GetString());
        Assert.Equal("OK", head.GetProperty("state").GetString());
        Assert.Equal("mine", head.GetProperty("client_request_id").GetString());
        Assert.Equal("\"out hey\"", head.GetProperty("response_preview").GetString());
        Assert.Equal("me", head.GetProperty("tags").GetProperty("who").GetString());
        Assert.Equal(
            ["a-1 good 0.5 because", "a-2 exp {\"a\": [1, \"z\"]} ", "a-3 err  "],
            head.GetProperty("assessments").EnumerateArray().Select(Show).Order(StringComparer.Ordinal)
        );

        var file = await server.Http.GetFromJsonAsync<JsonElement>(
            $"/ajax-api/2.0/mlflow/get-trace-artifact?request_id={Id}"
        );
        Assert.Equal([Root, Inner], file.GetProperty("spans").EnumerateArray().Select(span => span.GetRawText()));

        var old = (await GetAsync(server, $"traces/{OldId}")).GetProperty("trace").GetProperty("trace_info");
        Assert.Equal("IN_PROGRESS", old.GetProperty("state").GetString());
        Assert.Equal("old", old.GetProperty("tags").GetProperty("mlflow.traceName").GetString());
        Assert.Equal(
            $"mlflow-artifacts:/7/traces/{OldId}/artifacts",
            old.GetProperty("tags").GetProperty("mlflow.artifactLocation").GetString()
        );

        var search = await server.Http.PostAsJsonAsync(
            "/api/3.0/mlflow/datasets/search",
            new { experiment_ids = new[] { "7" } }
        );
        var dataset = (await search.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("datasets")[0];
        Assert.Equal("eds", dataset.GetProperty("name").GetString());
        Assert.Equal("835c2cd1", dataset.GetProperty("digest").GetString());
        Assert.Equal("""{"t": "1"}""", dataset.GetProperty("tags").GetString());
        var records = JsonDocument
            .Parse((await GetAsync(server, $"datasets/{DatasetId}/records")).GetProperty("records").GetString()!)
            .RootElement;
        Assert.Equal("""{"q": "a", "n": 1}""", records[0].GetProperty("inputs").GetRawText());
        Assert.Equal("""{"e": "x"}""", records[0].GetProperty("expectations").GetRawText());
        Assert.Equal(1_795_287_954_524, records[0].GetProperty("last_update_time").GetInt64());
        Assert.Equal("dr-2", records[1].GetProperty("dataset_record_id").GetString());
        Assert.Equal("2", records[1].GetProperty("outputs").GetRawText());
        Assert.Equal("HUMAN", records[1].GetProperty("source_type").GetString());
    }

    private static Task<JsonElement> GetAsync(SlipwayProcess server, string call) =>
        server.Http.GetFromJsonAsync<JsonElement>($"/api/3.0/mlflow/{call}");

    private static string Show(JsonElement assessment)
    {
        var value =
            assessment.TryGetProperty("feedback", out var feedback) && feedback.TryGetProperty("value", out var given)
                ? given.ToString()
            : assessment.TryGetProperty("expectation", out var expectation)
                ? expectation.GetProperty("serialized_value").GetProperty("value").GetString()
            : "";
        var why = assessment.TryGetProperty("rationale", out var rationale) ? rationale.GetString() : "";
        return $"{assessment.GetProperty("assessment_id")} {assessment.GetProperty("assessment_name")} {value} {why}";
    }
}
