using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing;
using Slipway.Tracking;
using ArtifactVerbs = Slipway.Tracking.Actions.Artifacts;
using Verbs = Slipway.Tracing.Actions.Traces;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on traces, of version 2 and 3.</summary>
internal sealed partial class Traces(Verbs traces, ArtifactVerbs artifacts, TimeProvider clock)
{
    public async Task<Answer> StartV2(Call call)
    {
        var trace = new Trace
        {
            Id = Guid.NewGuid().ToString("N"),
            ExperimentId = ReadExperiment(call.Fields),
            RequestMs = TrackingRules.Time(call.Fields.Whole("timestamp_ms") ?? 0, "timestamp_ms"),
            State = TraceState.InProgress,
            Metadata = TraceReader.Pairs(call.Fields, "request_metadata"),
            Tags = TraceReader.Pairs(call.Fields, "tags"),
        };
        return V2((await traces.RecordAsync(call.Caller, trace, call.Cancellation)).Trace);
    }

    public async Task<Answer> EndV2(Call call) =>
        V2(
            await traces.EndAsync(
                call.Caller,
                call.Route("request_id"),
                TrackingRules.Time(call.Fields.Whole("timestamp_ms") ?? 0, "timestamp_ms"),
                TraceReader.State(call.Fields, "status"),
                TraceReader.Pairs(call.Fields, "request_metadata"),
                TraceReader.Pairs(call.Fields, "tags"),
                call.Cancellation
            )
        );

    public async Task<Answer> GetV2(Call call) =>
        V2(await traces.GetAsync(call.Caller, call.Route("request_id"), call.Cancellation));

    public async Task<Answer> Start(Call call)
    {
        var said = TraceReader.Head(call.Fields.Object("trace")?.Object("trace_info") ?? default, Now());
        var (trace, wasKnown) = await traces.RecordAsync(call.Caller, said, call.Cancellation);
        // MLflow leaves the metadata out of this one answer when spans had made the trace before.
        return One(wasKnown ? trace with { Metadata = new Dictionary<string, string>() } : trace);
    }

    public async Task<Answer> Get(Call call) =>
        One(await traces.GetAsync(call.Caller, call.Route("trace_id"), call.Cancellation));

    public async Task<Answer> GetRecorded(Call call)
    {
        var allowPartial = call.Fields.Flag("allow_partial") ?? false;
        var recorded = await traces.GetRecordedAsync(
            call.Caller,
            call.Fields.Required("trace_id"),
            allowPartial,
            call.Cancellation
        );
        return One(recorded.Trace, recorded.Spans);
    }

    public async Task<Answer> GetManyRecorded(Call call)
    {
        var many = await traces.GetManyRecordedAsync(
            call.Caller,
            call.Fields.RequiredTexts("trace_ids"),
            call.Cancellation
        );
        return writer =>
            Shapes.List(
                writer,
                "traces"u8,
                many,
                (w, recorded) => TraceShapes.Whole(w, recorded.Trace, recorded.Spans)
            );
    }

    public async Task<Answer> GetMany(Call call)
    {
        var many = await traces.GetManyAsync(call.Caller, call.Fields.RequiredTexts("trace_ids"), call.Cancellation);
        return writer => Shapes.List(writer, "trace_infos"u8, many, TraceShapes.Head);
    }

    public async Task<Answer> SearchV2(Call call)
    {
        var ids = call.Fields.RequiredTexts("experiment_ids").Select(Experiments.ParseId);
        var page = await SearchAsync(call, [.. ids]);
        return Page(page, TraceShapes.V2);
    }

    public async Task<Answer> Search(Call call)
    {
        // Traces live in experiments here: a place of another kind holds none.
        var ids = call
            .Fields.RequiredObjects("locations")
            .Where(location => location.Find("mlflow_experiment") is not null)
            .Select(TraceReader.Location);
        var page = await SearchAsync(call, [.. ids]);
        return Page(page, TraceShapes.Head);
    }

    public async Task<Answer> Correlate(Call call)
    {
        var fields = call.Fields;
        var found = await traces.CorrelateAsync(
            call.Caller,
            [.. fields.Texts("experiment_ids").Select(Experiments.ParseId)],
            SearchForm.Traces.ReadFilter(fields.Required("filter_string1")),
            SearchForm.Traces.ReadFilter(fields.Required("filter_string2")),
            SearchForm.Traces.ReadFilter(fields.Text("base_filter")),
            call.Cancellation
        );
        return writer =>
        {
            if (found.Npmi is { } npmi)
                writer.WriteNumber("npmi"u8, npmi);
            if (found.SmoothedNpmi is { } smoothed)
                writer.WriteNumber("npmi_smoothed"u8, smoothed);
            writer.WriteNumber("filter1_count"u8, found.First);
            writer.WriteNumber("filter2_count"u8, found.Second);
            writer.WriteNumber("joint_count"u8, found.Joint);
            writer.WriteNumber("total_count"u8, found.Total);
        };
    }

    public async Task<Answer> SetTag(Call call)
    {
        var tag = Experiments.ReadEntry(call.Fields);
        await traces.SetTagAsync(call.Caller, call.Route("trace_id"), tag, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        await traces.DeleteTagAsync(
            call.Caller,
            call.Route("trace_id"),
            call.Fields.Required("key"),
            call.Cancellation
        );
        return Call.Empty;
    }

    public async Task<Answer> Delete(Call call)
    {
        var fields = call.Fields;
        var experimentId = Experiments.ParseId(fields.Required("experiment_id"));
        var ids = fields.Texts("request_ids");
        var untilMs = fields.Whole("max_timestamp_millis");
        if (ids.Count > 0 == untilMs is not null)
            throw Fault.Invalid(
                "trace.delete",
                "Either 'max_timestamp_millis' or 'request_ids' says which traces to delete, and not both.",
                "max_timestamp_millis"
            );
        var deleted = untilMs is null
            ? await traces.DeleteAsync(call.Caller, experimentId, ids, call.Cancellation)
            : await traces.DeleteUntilAsync(
                call.Caller,
                experimentId,
                untilMs.Value,
                fields.Whole("max_traces"),
                call.Cancellation
            );
        return writer => writer.WriteNumber("traces_deleted"u8, deleted);
    }

    public async Task<Answer> LinkToRun(Call call)
    {
        await traces.LinkToRunAsync(
            call.Caller,
            call.Fields.RequiredTexts("trace_ids"),
            call.Fields.Required("run_id"),
            call.Cancellation
        );
        return Call.Empty;
    }

    public async Task<Answer> LinkPrompts(Call call)
    {
        var versions = call
            .Fields.RequiredObjects("prompt_versions")
            .Select(version => (version.Required("name"), version.Required("version")));
        await traces.LinkPromptsAsync(call.Caller, call.Fields.Required("trace_id"), [.. versions], call.Cancellation);
        return Call.Empty;
    }

    /// <summary>The spans as a file: the one that clients of former versions left among the artifacts, or one made of what is here.</summary>
    public async Task Artifact(HttpContext http)
    {
        var query = new WireObject(http.Request.Query);
        var id = query.Required("request_id");
        RecordedTrace recorded;
        try
        {
            recorded = await traces.GetRecordedAsync(Caller.Of(http.User), id, allowPartial: true, http.RequestAborted);
        }
        catch (Fault fault) when (fault.Code == "trace.spans_elsewhere")
        {
            await SendFileAsync(http, id);
            return;
        }
        var text = new StringBuilder("{\"spans\": [");
        for (var i = 0; i < recorded.Spans.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            SpanJson.Write(text, recorded.Spans[i]);
        }
        text.Append("]}");
        http.Response.ContentType = "text/plain";
        http.Response.Headers.ContentDisposition = "attachment; filename=traces.json";
        await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
    }

    private async Task SendFileAsync(HttpContext http, string id)
    {
        var caller = Caller.Of(http.User);
        var trace = await traces.GetAsync(caller, id, http.RequestAborted);
        var folder = ArtifactAddress.Place(trace.Tags.GetValueOrDefault(TraceKeys.ArtifactLocation) ?? "");
        var name = folder is null ? null : new ArtifactName.At(folder.Append("traces.json"));
        if (name is null || await artifacts.FindAsync(caller, name, http.RequestAborted) is null)
            throw Fault.NotFound("mlflow.trace_file", $"Trace data not found for trace {id}: it has no spans here.");
        http.Response.Headers.ContentDisposition = "attachment; filename=traces.json";
        await new BlobDownload(
            cancellation => artifacts.FindAsync(caller, name, cancellation),
            (range, cancellation) => artifacts.OpenAsync(caller, name, range, cancellation)
        ).SendAsync(http, "text/plain");
    }

    private static long ReadExperiment(WireObject fields) =>
        fields.Text("experiment_id") is { Length: > 0 } id
            ? Experiments.ParseId(id)
            : throw TraceReader.OfNoExperiment("experiment_id");

    private Task<TracePage> SearchAsync(Call call, IReadOnlyList<long> experimentIds)
    {
        var limit = call.Fields.Whole("max_results") ?? 100;
        if (limit is < 1 or > TraceQuery.LimitOfAll)
            throw call.Fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        var query = new TraceQuery(experimentIds)
        {
            Filter = SearchForm.Traces.ReadFilter(call.Fields.Text("filter")),
            Order = SearchForm.Traces.ReadOrder(call.Fields.Texts("order_by")),
            Limit = (int)limit,
            PageToken = call.Fields.Text("page_token"),
        };
        return traces.SearchAsync(call.Caller, query, call.Cancellation);
    }

    private static Answer Page(TracePage page, Action<Utf8JsonWriter, Trace> shape) =>
        writer =>
        {
            Shapes.List(writer, "traces"u8, page.Traces, shape);
            if (page.NextPageToken is { } token)
                writer.WriteString("next_page_token"u8, token);
        };

    private static Answer One(Trace trace, IReadOnlyList<Span>? spans = null) =>
        writer =>
        {
            writer.WriteStartObject("trace"u8);
            TraceShapes.Whole(writer, trace, spans);
            writer.WriteEndObject();
        };

    private static Answer V2(Trace trace) =>
        writer =>
        {
            writer.WriteStartObject("trace_info"u8);
            TraceShapes.V2(writer, trace);
            writer.WriteEndObject();
        };

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
