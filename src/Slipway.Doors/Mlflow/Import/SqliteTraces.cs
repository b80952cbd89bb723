using System.Text.Json;
using Slipway.Foundation.Sql;
using Slipway.Sdk;
using Slipway.Tracing;
using Slipway.Tracing.Actions;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>
/// Traces in an MLflow's database. Since version 3.5 it has the spans as well; before, clients left them as a file among
/// the artifacts, and the database has the heads.
/// </summary>
internal sealed class SqliteTraces(ForeignReader database, ImportLedger ledger)
{
    private const string Trace = "trace";

    public IEnumerable<FoundTrace> Of(long experiment)
    {
        foreach (
            var row in database.Rows(
                "trace_info",
                [
                    "request_id",
                    "timestamp_ms",
                    "execution_time_ms",
                    "status",
                    "client_request_id",
                    "request_preview",
                    "response_preview",
                ],
                ["timestamp_ms", "request_id"],
                ("experiment_id", experiment)
            )
        )
        {
            var id = row.Text(0) ?? "";
            var head = new Trace
            {
                Id = id,
                ExperimentId = experiment,
                RequestMs = row.Whole(1) ?? 0,
                DurationMs = row.Whole(2),
                State = Words.TraceState(row.Text(3)),
                ClientRequestId = row.Text(4),
                RequestPreview = row.Text(5),
                ResponsePreview = row.Text(6),
            };
            var metadata = Texts("trace_request_metadata", id);
            yield return new FoundTrace(
                new ForeignTrace(
                    head with
                    {
                        Metadata = metadata,
                        Tags = Texts("trace_tags", id),
                        Assessments = [.. AssessmentsOf(id)],
                        IsFinalized = metadata.GetValueOrDefault(TraceKeys.Finalized) == "true",
                    }
                )
                {
                    Spans = [.. SpansOf(id)],
                    Runs = [.. LinksOf(id, "run")],
                    Prompts = [.. LinksOf(id, "prompt_version")],
                }
            );
        }
    }

    private Dictionary<string, string> Texts(string table, string id)
    {
        var texts = new Dictionary<string, string>();
        foreach (var row in database.Rows(table, ["key", "value"], [], ("request_id", id)))
            texts[row.Text(0) ?? ""] = row.Text(1) ?? "";
        return texts;
    }

    private IEnumerable<string> LinksOf(string id, string kind) =>
        database
            .Rows(
                "entity_associations",
                ["destination_id"],
                [],
                ("source_type", Trace),
                ("source_id", id),
                ("destination_type", kind)
            )
            .Select(row => row.Text(0) ?? "");

    private IEnumerable<Span> SpansOf(string id)
    {
        foreach (var row in database.Rows("spans", ["content"], ["start_time_unix_nano"], ("trace_id", id)))
        {
            if (ReadSpan(row.Text(0) ?? "", id) is { } span)
                yield return span;
        }
    }

    private Span? ReadSpan(string text, string id)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return SpanJson.Read(json.RootElement);
        }
        catch (Exception e) when (e is Fault or JsonException)
        {
            ledger.Refuse(ledger.Spans, "span", e is Fault ? e.Message : "it is no JSON", $"of trace {id}");
            return null;
        }
    }

    private IEnumerable<Assessment> AssessmentsOf(string id)
    {
        foreach (
            var row in database.Rows(
                "assessments",
                [
                    "assessment_id",
                    "name",
                    "assessment_type",
                    "value",
                    "error",
                    "created_timestamp",
                    "last_updated_timestamp",
                    "source_type",
                    "source_id",
                    "span_id",
                    "rationale",
                    "overrides",
                    "valid",
                    "assessment_metadata",
                ],
                ["created_timestamp"],
                ("trace_id", id)
            )
        )
        {
            var value = row.Text(3) ?? "";
            yield return new Assessment
            {
                Id = row.Text(0) ?? "",
                TraceId = id,
                Name = row.Text(1) ?? "",
                Kind = row.Text(2) switch
                {
                    "expectation" => AssessmentKind.Expectation,
                    "issue" => AssessmentKind.Issue,
                    _ => AssessmentKind.Feedback,
                },
                Value = AnyValue.ParseJson(value) ?? new AnyValue.Text(value),
                Error = ReadError(row.Text(4)),
                CreatedMs = row.Whole(5) ?? 0,
                UpdatedMs = row.Whole(6) ?? row.Whole(5) ?? 0,
                Source = new AssessmentSource(row.Text(7) ?? "", row.Text(8) ?? "default"),
                SpanId = row.Text(9),
                Rationale = row.Text(10),
                Overrides = row.Text(11),
                IsValid = row.Whole(12) is not 0,
                Metadata = [.. ReadMap(row.Text(13)).Select(entry => new Entry(entry.Key, entry.Value.Searched))],
            };
        }
    }

    private static AssessmentError? ReadError(string? text) =>
        ReadMap(text).ToDictionary() is { Count: > 0 } error
            ? new AssessmentError(
                error.GetValueOrDefault("error_code")?.Searched ?? "",
                error.GetValueOrDefault("error_message")?.Searched,
                error.GetValueOrDefault("stack_trace")?.Searched
            )
            : null;

    private static IReadOnlyList<KeyValuePair<string, AnyValue>> ReadMap(string? text) =>
        AnyValue.ParseJson(text ?? "") is AnyValue.Map map ? map.Entries : [];
}
