using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Evaluation;
using Slipway.Sdk;
using Slipway.Tracing;
using Slipway.Tracing.Actions;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>Traces and evaluation datasets of an MLflow server of version 3.</summary>
internal sealed class ServerTraces(ServerClient server, ImportLedger ledger)
{
    private const string Api = "api/3.0/mlflow/";
    private const int TracePage = 100;
    private const int DatasetPage = 50;
    private const int RecordPage = 1000;

    public async IAsyncEnumerable<FoundTrace> OfAsync(
        string experimentId,
        string placeMark,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        var query = new JsonObject
        {
            ["locations"] = new JsonArray(
                new JsonObject
                {
                    ["type"] = "MLFLOW_EXPERIMENT",
                    ["mlflow_experiment"] = new JsonObject { ["experiment_id"] = experimentId },
                }
            ),
            ["max_results"] = TracePage,
        };
        await foreach (var json in server.SearchAsync(Api + "traces/search", query, "traces", cancellation))
        {
            if (ReadHead(json) is not { } head)
                continue;
            yield return new FoundTrace(
                new ForeignTrace(head) { Spans = head.HasSpans ? await SpansOfAsync(head.Id, cancellation) : [] },
                placeMark + head.Id
            );
        }
    }

    /// <summary>The file with the spans, which the server reads from wherever it lies.</summary>
    public ForeignFiles FileOf(string id)
    {
        return new ForeignFiles(Files());

        async IAsyncEnumerable<ForeignFile> Files()
        {
            await Task.CompletedTask;
            yield return new ForeignFile("traces.json", cancellation => server.OpenAsync(SpansCall(id), cancellation));
        }
    }

    public async IAsyncEnumerable<FoundDataset> DatasetsAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        var query = new JsonObject { ["max_results"] = DatasetPage };
        await foreach (var json in server.SearchAsync(Api + "datasets/search", query, "datasets", cancellation))
        {
            var fields = new WireObject(json);
            var id = fields.Text("dataset_id") ?? "";
            var experiments = await server.GetAsync($"{Api}datasets/{Escaped(id)}/experiment-ids", cancellation);
            yield return new FoundDataset(
                new EvaluationDataset
                {
                    Id = id,
                    Workspace = "",
                    Name = fields.Text("name") ?? "",
                    Digest = fields.Text("digest") ?? "",
                    CreatedMs = fields.Whole("created_time") ?? 0,
                    UpdatedMs = fields.Whole("last_update_time") ?? 0,
                    CreatedBy = fields.Text("created_by"),
                    UpdatedBy = fields.Text("last_updated_by"),
                    Tags = TagsIn(fields.Text("tags")),
                    ExperimentIds =
                    [
                        .. new WireObject(experiments)
                            .Texts("experiment_ids")
                            .Where(text => long.TryParse(text, out _))
                            .Select(long.Parse),
                    ],
                },
                RecordsOfAsync(id, cancellation)
            );
        }
    }

    private Trace? ReadHead(JsonElement json)
    {
        try
        {
            var fields = new WireObject(json);
            var trace = TraceReader.Head(fields, nowMs: 0);
            var ids = fields.Objects("assessments").Select(assessment => assessment.Text("assessment_id")).ToList();
            return trace with
            {
                IsFinalized = trace.Metadata.GetValueOrDefault(TraceKeys.Finalized) == "true",
                Assessments =
                [
                    .. trace.Assessments.Zip(ids, (assessment, id) => assessment with { Id = id ?? assessment.Id }),
                ],
            };
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            ledger.Refuse(ledger.Traces, "trace", fault.Message, "");
            return null;
        }
    }

    private async Task<IReadOnlyList<Span>> SpansOfAsync(string id, CancellationToken cancellation)
    {
        var spans = new List<Span>();
        try
        {
            var answer = await server.GetAsync(SpansCall(id), cancellation);
            foreach (var span in new WireObject(answer).Objects("spans"))
                spans.Add(SpanJson.Read(span.Json));
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            ledger.Refuse(ledger.Spans, "span", fault.Message, $"of trace {id}");
        }
        return spans;
    }

    private async IAsyncEnumerable<EvaluationRecord> RecordsOfAsync(
        string id,
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        string? token = null;
        while (true)
        {
            var page = new WireObject(
                await server.GetAsync(
                    $"{Api}datasets/{Escaped(id)}/records?max_results={RecordPage}{(token is null ? "" : $"&page_token={Escaped(token)}")}",
                    cancellation
                )
            );
            // The list comes as a text.
            foreach (var item in JsonNode.Parse(page.Text("records") ?? "[]") as JsonArray ?? [])
            {
                if (ReadRecord(item as JsonObject ?? []) is { } record)
                    yield return record;
            }
            if (page.Text("next_page_token") is not { Length: > 0 } next || next == token)
                yield break;
            token = next;
        }
    }

    private EvaluationRecord? ReadRecord(JsonObject item)
    {
        var fields = new WireObject(JsonSerializer.SerializeToElement(item));
        try
        {
            return new EvaluationRecord
            {
                Id = fields.Text("dataset_record_id") ?? "",
                CreatedMs = fields.Whole("created_time") ?? 0,
                UpdatedMs = fields.Whole("last_update_time") ?? 0,
                CreatedBy = fields.Text("created_by"),
                UpdatedBy = fields.Text("last_updated_by"),
                Content = RecordReader.Read(item),
            };
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            ledger.Refuse(ledger.Records, "record", fault.Message, fields.Text("dataset_record_id") ?? "");
            return null;
        }
    }

    private static OrderedDictionary<string, string> TagsIn(string? text)
    {
        var tags = new OrderedDictionary<string, string>();
        if (AnyValue.ParseJson(text ?? "") is AnyValue.Map map)
            foreach (var (key, value) in map.Entries)
                tags[key] = value.Searched;
        return tags;
    }

    private static string SpansCall(string id) => $"ajax-api/2.0/mlflow/get-trace-artifact?request_id={Escaped(id)}";

    private static string Escaped(string text) => Uri.EscapeDataString(text);
}
