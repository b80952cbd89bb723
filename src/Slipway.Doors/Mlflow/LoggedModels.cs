using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Slipway.Tracking;
using Verbs = Slipway.Tracking.Actions.LoggedModels;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on logged models.</summary>
internal sealed class LoggedModels(Verbs models)
{
    private const int PageLimit = 50;

    public async Task<Answer> Create(Call call)
    {
        var fields = call.Fields;
        var request = new NewLoggedModel(Experiments.ParseId(fields.Required("experiment_id")))
        {
            Name = fields.Text("name"),
            Type = fields.Text("model_type") ?? "",
            SourceRunId = fields.Text("source_run_id") ?? "",
            Params = [.. fields.Objects("params").Select(Experiments.ReadEntry)],
            Tags = Experiments.ReadTags(fields),
        };
        return One(await models.CreateAsync(call.Caller, request, call.Cancellation));
    }

    public async Task<Answer> Get(Call call) => One(await models.GetAsync(call.Caller, Id(call), call.Cancellation));

    public async Task<Answer> Finish(Call call) =>
        One(
            await models.FinalizeAsync(
                call.Caller,
                call.Fields.Required("model_id"),
                ReadStatus(call.Fields),
                call.Cancellation
            )
        );

    public async Task<Answer> Delete(Call call)
    {
        await models.DeleteAsync(call.Caller, Id(call), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> SetTags(Call call)
    {
        await models.SetTagsAsync(call.Caller, Id(call), Experiments.ReadTags(call.Fields), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        await models.DeleteTagAsync(call.Caller, Id(call), call.Route("tag_key"), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> LogParams(Call call)
    {
        var entries = call.Fields.Objects("params").Select(Experiments.ReadEntry).ToList();
        await models.LogParamsAsync(call.Caller, Id(call), entries, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Search(Call call)
    {
        var fields = call.Fields;
        var ids = fields.Texts("experiment_ids");
        var limit = fields.Whole("max_results") ?? 0;
        if (limit is < 0 or > Verbs.SearchLimit)
            throw fields.Invalid("max_results", limit.ToString(System.Globalization.CultureInfo.InvariantCulture));
        var question = Question(fields);
        var query = new LoggedModelQuery([.. ids.Select(Experiments.ParseId)])
        {
            Filter = SearchForm.LoggedModels.ReadFilter(fields.Text("filter")),
            Datasets =
            [
                .. fields
                    .Objects("datasets")
                    .Select(d => new DatasetKey(d.Required("dataset_name"), d.Text("dataset_digest") ?? "")),
            ],
            Order = [.. fields.Objects("order_by").Select(ReadOrder)],
            Offset = ReadToken(fields.Text("page_token"), question),
            Limit = limit == 0 ? PageLimit : (int)limit,
        };
        var page = await models.SearchAsync(call.Caller, query, call.Cancellation);
        return writer =>
        {
            Shapes.List(writer, "models"u8, page.Models, Shape);
            if (page.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, PageToken.After(question, Shapes.Id(next)));
        };
    }

    private static string Id(Call call) => call.Route("model_id");

    private static LoggedModelStatus ReadStatus(WireObject fields) =>
        WireEnums.NameOf(fields, "status") switch
        {
            "LOGGED_MODEL_PENDING" or "1" => LoggedModelStatus.Pending,
            "LOGGED_MODEL_READY" or "2" => LoggedModelStatus.Ready,
            "LOGGED_MODEL_UPLOAD_FAILED" or "3" => LoggedModelStatus.UploadFailed,
            null => throw fields.Missing("status"),
            var other => throw fields.Invalid("status", other),
        };

    private static LoggedModelOrder ReadOrder(WireObject fields)
    {
        var parts = fields.Required("field_name").Split('.', 2);
        var field = parts.Length == 1 ? new FilterField(null, parts[0].Trim()) : new FilterField(parts[0], parts[1]);
        SearchForm.LoggedModels.CheckOrder(field);
        return new LoggedModelOrder(
            field,
            fields.Flag("ascending") ?? true,
            fields.Text("dataset_name"),
            fields.Text("dataset_digest")
        );
    }

    /// <summary>What is asked, in short: a page token is good for the question it was given out for and no other.</summary>
    private static string Question(WireObject fields)
    {
        var text = new StringBuilder();
        foreach (var name in (ReadOnlySpan<string>)["experiment_ids", "filter", "datasets", "order_by"])
            text.Append(fields.Find(name)?.GetRawText()).Append('\n');
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }

    private static int ReadToken(string? token, string question)
    {
        try
        {
            return (int)PageToken.ReadOffset(token, question);
        }
        catch (Fault)
        {
            throw Fault.Invalid(
                "mlflow.page_token",
                "Invalid page token: it was given out for other experiments, or another filter or order.",
                "page_token"
            );
        }
    }

    private static Answer One(LoggedModel model) =>
        writer =>
        {
            writer.WriteStartObject("model"u8);
            Shape(writer, model);
            writer.WriteEndObject();
        };

    private static void Shape(Utf8JsonWriter writer, LoggedModel model)
    {
        writer.WriteStartObject("info"u8);
        writer.WriteString("model_id"u8, model.Id);
        writer.WriteString("experiment_id"u8, Shapes.Id(model.ExperimentId));
        writer.WriteString("name"u8, model.Name);
        writer.WriteNumber("creation_timestamp_ms"u8, model.CreatedMs);
        writer.WriteNumber("last_updated_timestamp_ms"u8, model.UpdatedMs);
        writer.WriteString("artifact_uri"u8, model.ArtifactUri);
        writer.WriteString(
            "status"u8,
            model.Status switch
            {
                LoggedModelStatus.Pending => "LOGGED_MODEL_PENDING"u8,
                LoggedModelStatus.Ready => "LOGGED_MODEL_READY"u8,
                _ => "LOGGED_MODEL_UPLOAD_FAILED"u8,
            }
        );
        writer.WriteString("model_type"u8, model.Type);
        writer.WriteString("source_run_id"u8, model.SourceRunId);
        Shapes.Pairs(writer, "tags"u8, model.Tags);
        writer.WriteEndObject();
        writer.WriteStartObject("data"u8);
        Shapes.Pairs(writer, "params"u8, model.Params);
        Shapes.List(writer, "metrics"u8, model.Metrics, Shape);
        writer.WriteEndObject();
    }

    private static void Shape(Utf8JsonWriter writer, ModelMetric measured)
    {
        var metric = measured.Metric;
        Shapes.Point(writer, metric.Key, metric.Point);
        if (metric.DatasetName is not null)
            writer.WriteString("dataset_name"u8, metric.DatasetName);
        if (metric.DatasetDigest is not null)
            writer.WriteString("dataset_digest"u8, metric.DatasetDigest);
        writer.WriteString("model_id"u8, metric.ModelId);
        writer.WriteString("run_id"u8, measured.RunId);
    }
}
