using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking;
using Verbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on runs.</summary>
internal sealed partial class Runs(Verbs runs)
{
    public async Task<Answer> Create(Call call)
    {
        var fields = call.Fields;
        var experimentId = fields.Text("experiment_id");
        if (string.IsNullOrEmpty(experimentId))
            throw Fault.Invalid(
                "run.no_experiment",
                "A run belongs to an experiment: 'experiment_id' is missing.",
                "experiment_id"
            );
        var request = new NewRun(Experiments.ParseId(experimentId))
        {
            Name = fields.Text("run_name"),
            User = fields.Text("user_id") ?? "",
            StartMs = fields.Whole("start_time") ?? 0,
            Tags = Experiments.ReadTags(fields),
        };
        return One(await runs.CreateAsync(call.Caller, request, call.Cancellation));
    }

    public async Task<Answer> Get(Call call) =>
        One(await runs.GetAsync(call.Caller, ReadId(call.Fields), call.Cancellation));

    public async Task<Answer> Update(Call call)
    {
        var change = new RunChange(
            WireEnums.Status(call.Fields),
            call.Fields.Whole("end_time"),
            call.Fields.Text("run_name")
        );
        var head = await runs.UpdateAsync(call.Caller, ReadId(call.Fields), change, call.Cancellation);
        return writer =>
        {
            writer.WriteStartObject("run_info"u8);
            Shapes.Head(writer, head);
            writer.WriteEndObject();
        };
    }

    public async Task<Answer> Delete(Call call)
    {
        await runs.DeleteAsync(call.Caller, call.Fields.Required("run_id"), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Restore(Call call)
    {
        await runs.RestoreAsync(call.Caller, call.Fields.Required("run_id"), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Search(Call call)
    {
        var limit = call.Fields.Whole("max_results") ?? 1000;
        if (limit is < 1 or > Verbs.SearchLimit)
            throw call.Fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        var query = new RunQuery([.. call.Fields.Texts("experiment_ids").Select(Experiments.ParseId)])
        {
            Filter = SearchForm.Runs.ReadFilter(call.Fields.Text("filter")),
            Order = SearchForm.Runs.ReadOrder(call.Fields.Texts("order_by")),
            View = WireEnums.View(call.Fields, "run_view_type"),
            Offset = OffsetToken.Read(call.Fields),
            Limit = (int)limit,
        };
        var page = await runs.SearchAsync(call.Caller, query, call.Cancellation);
        return writer =>
        {
            if (page.Runs.Count > 0)
            {
                writer.WriteStartArray("runs"u8);
                foreach (var run in page.Runs)
                {
                    writer.WriteStartObject();
                    Shapes.Run(writer, run);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            if (page.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, OffsetToken.Write(next));
        };
    }

    public async Task<Answer> LogMetric(Call call)
    {
        var metric = MetricReader.Read(call.Fields);
        await runs.LogAsync(call.Caller, ReadId(call.Fields), new RunBatch { Metrics = [metric] }, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> LogParameter(Call call)
    {
        var entry = Experiments.ReadEntry(call.Fields);
        await runs.LogAsync(call.Caller, ReadId(call.Fields), new RunBatch { Params = [entry] }, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> SetTag(Call call)
    {
        var tag = Experiments.ReadEntry(call.Fields);
        await runs.LogAsync(call.Caller, ReadId(call.Fields), new RunBatch { Tags = [tag] }, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        await runs.DeleteTagAsync(
            call.Caller,
            call.Fields.Required("run_id"),
            call.Fields.Required("key"),
            call.Cancellation
        );
        return Call.Empty;
    }

    /// <summary>The call that carries most data: read in one pass where it has the form that clients send.</summary>
    public async Task LogBatch(HttpContext http)
    {
        using var body = await RequestBody.ReadAsync(http);
        if (!new BatchReader(body.Span).TryRead(out var runId, out var batch))
            (runId, batch) = ReadBatch(body);
        if (string.IsNullOrEmpty(runId))
            throw new WireObject(default(JsonElement)).Missing("run_id");
        await runs.LogAsync(Caller.Of(http.User), WellFormed(runId), batch, http.RequestAborted);
        await Call.WriteAsync(http, StatusCodes.Status200OK, Call.Empty);
    }

    public async Task<Answer> LogInputs(Call call)
    {
        var datasets = call.Fields.Objects("datasets").Select(ReadInput).ToList();
        var models = call.Fields.Objects("models").Select(m => m.Text("model_id") ?? "").ToList();
        await runs.LogInputsAsync(
            call.Caller,
            WellFormed(call.Fields.Required("run_id")),
            datasets,
            models,
            call.Cancellation
        );
        return Call.Empty;
    }

    public async Task<Answer> LogOutputs(Call call)
    {
        var models = call
            .Fields.RequiredObjects("models")
            .Select(m => new ModelOutput(m.Text("model_id") ?? "", m.Whole("step") ?? 0))
            .ToList();
        await runs.LogOutputsAsync(
            call.Caller,
            call.Fields.Required("run_id"),
            models,
            mayRepeat: false,
            call.Cancellation
        );
        return Call.Empty;
    }

    public async Task<Answer> LogModel(Call call)
    {
        var text = call.Fields.Required("model_json");
        JsonObject? model;
        try
        {
            model = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            model = null;
        }
        if (model is null)
            throw Fault.Invalid(
                "mlflow.model_json",
                "Malformed model info: 'model_json' is not a JSON object.",
                "model_json"
            );
        string[] mandatory = ["artifact_path", "flavors", "utc_time_created", "run_id"];
        var missing = mandatory.Where(name => !model.ContainsKey(name)).ToList();
        if (missing.Count > 0)
            throw Fault.Invalid(
                "mlflow.model_json",
                $"Model json is missing mandatory fields: {string.Join(", ", missing)}",
                "model_json"
            );
        await runs.LogModelAsync(call.Caller, ReadId(call.Fields), model, call.Cancellation);
        return Call.Empty;
    }

    public static string ReadId(WireObject fields) =>
        fields.Text("run_id") is { Length: > 0 } id ? id
        : fields.Text("run_uuid") is { Length: > 0 } uuid ? uuid
        : throw fields.Missing("run_id");

    /// <summary>The two calls that carry much look at the id before they look for the run.</summary>
    private static string WellFormed(string runId) =>
        RunIdForm().IsMatch(runId)
            ? runId
            : throw Fault.Invalid(
                "mlflow.run_id",
                $"Invalid value {JsonSerializer.Serialize(runId)} for parameter 'run_id' supplied.",
                "run_id"
            );

    [GeneratedRegex(@"^[a-zA-Z0-9][\w\-]{0,255}\z", RegexOptions.None, 1000)]
    private static partial Regex RunIdForm();

    private static (string RunId, RunBatch Batch) ReadBatch(RequestBody body)
    {
        using var document = body.Parse(bareNumbers: true);
        var json = document?.RootElement ?? Request.Nothing;
        MetricReader.RequireKeys(json);
        var fields = Requests.LogBatch.Read(json);
        return (
            fields.Required("run_id"),
            new RunBatch
            {
                Metrics = [.. fields.Objects("metrics").Select(MetricReader.Read)],
                Params = [.. fields.Objects("params").Select(Experiments.ReadEntry)],
                Tags = Experiments.ReadTags(fields),
            }
        );
    }

    private static DatasetInput ReadInput(WireObject fields)
    {
        var dataset = fields.Object("dataset") ?? default;
        return new DatasetInput(
            new RunDataset(
                dataset.Text("name") ?? "",
                dataset.Text("digest") ?? "",
                dataset.Text("source_type") ?? "",
                dataset.Text("source") ?? ""
            )
            {
                Schema = dataset.Text("schema"),
                Profile = dataset.Text("profile"),
            },
            Experiments.ReadTags(fields)
        );
    }

    private static Answer One(Run run) =>
        writer =>
        {
            writer.WriteStartObject("run"u8);
            Shapes.Run(writer, run);
            writer.WriteEndObject();
        };
}
