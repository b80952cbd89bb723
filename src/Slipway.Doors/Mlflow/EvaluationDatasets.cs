using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Evaluation;
using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Verbs = Slipway.Evaluation.Actions.EvaluationDatasets;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on evaluation datasets. Their tags, schemas and records are JSON inside text fields.</summary>
internal sealed class EvaluationDatasets(Verbs datasets)
{
    private const int PageLimit = 1000;
    private const int SearchLimit = 50_000;

    public async Task<Answer> Create(Call call)
    {
        var fields = call.Fields;
        var request = new NewEvaluationDataset(fields.Required("name"))
        {
            ExperimentIds = ReadExperiments(fields),
            Tags = ReadTags(fields),
        };
        var created = await datasets.CreateAsync(call.Caller, request, call.Cancellation);
        return One(created, withExperiments: true);
    }

    public async Task<Answer> Get(Call call) => One(await datasets.GetAsync(call.Caller, Id(call), call.Cancellation));

    public async Task<Answer> Delete(Call call)
    {
        await datasets.DeleteAsync(call.Caller, Id(call), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Search(Call call)
    {
        var fields = call.Fields;
        var query = new EvaluationDatasetQuery
        {
            ExperimentIds = ReadKnown(fields),
            Filter = SearchForm.EvaluationDatasets.ReadFilter(fields.Text("filter_string")),
            Order = SearchForm.EvaluationDatasets.ReadOrder(fields.Texts("order_by")),
            Offset = OffsetToken.Read(fields),
            Limit = fields.Whole("max_results") is 0 ? throw fields.Invalid("max_results", "0") : ReadLimit(fields),
        };
        var page = await datasets.SearchAsync(call.Caller, query, call.Cancellation);
        return writer =>
        {
            Shapes.List(writer, "datasets"u8, page.Datasets, (json, dataset) => Shape(json, dataset));
            if (page.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, OffsetToken.Write(next));
        };
    }

    public async Task<Answer> SetTags(Call call)
    {
        call.Fields.Required("tags");
        await datasets.SetTagsAsync(call.Caller, Id(call), ReadTags(call.Fields), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        await OrNothing(async () =>
        {
            await datasets.DeleteTagAsync(call.Caller, Id(call), call.Route("key"), call.Cancellation);
            return true;
        });
        return Call.Empty;
    }

    public async Task<Answer> ExperimentIds(Call call)
    {
        var dataset = await OrNothing(() => datasets.GetAsync(call.Caller, Id(call), call.Cancellation));
        return writer => WriteExperiments(writer, dataset?.ExperimentIds ?? []);
    }

    public async Task<Answer> AddExperiments(Call call) =>
        One(await datasets.AddExperimentsAsync(call.Caller, Id(call), ReadExperiments(call.Fields), call.Cancellation));

    public async Task<Answer> RemoveExperiments(Call call) =>
        One(
            await datasets.RemoveExperimentsAsync(
                call.Caller,
                Id(call),
                ReadExperiments(call.Fields),
                call.Cancellation
            )
        );

    public async Task<Answer> UpsertRecords(Call call)
    {
        var fields = call.Fields;
        if (Parse(fields, "records", fields.Required("records")) is not JsonArray items)
            throw fields.Invalid("records", "a JSON list is wanted");
        if (items.Count == 0)
            return writer =>
            {
                writer.WriteNumber("inserted_count"u8, 0);
                writer.WriteNumber("updated_count"u8, 0);
            };
        var counts = await datasets.UpsertAsync(
            call.Caller,
            Id(call),
            [.. items.Select(RecordReader.Read)],
            call.Cancellation
        );
        return writer =>
        {
            writer.WriteNumber("inserted_count"u8, counts.Inserted);
            writer.WriteNumber("updated_count"u8, counts.Updated);
        };
    }

    public async Task<Answer> Records(Call call)
    {
        var id = Id(call);
        var after = PageToken.ReadKey(call.Fields.Text("page_token"), id, 1) is [var number]
            ? PageToken.ReadNumber(number)
            : (long?)null;
        var limit = ReadLimit(call.Fields);
        var page =
            await OrNothing(() => datasets.RecordsAsync(call.Caller, id, after, limit, call.Cancellation))
            ?? new RecordPage([], NextAfter: null);
        var records = new JsonArray([.. page.Records.Select(record => RecordReader.Write(id, record))]);
        return writer =>
        {
            writer.WriteString("records"u8, PythonJson.Write(records));
            if (page.NextAfter is { } next)
                writer.WriteString("next_page_token"u8, PageToken.Offset(id, next));
        };
    }

    public async Task<Answer> DeleteRecords(Call call)
    {
        var ids = call.Fields.Texts("dataset_record_ids");
        var deleted = await OrNothing(() =>
            datasets.DeleteRecordsAsync(call.Caller, Id(call), ids.ToHashSet(), call.Cancellation)
        );
        return writer => writer.WriteNumber("deleted_count"u8, deleted);
    }

    /// <summary>MLflow looks for what hangs on a dataset only, and one that it does not know has nothing.</summary>
    private static async Task<T?> OrNothing<T>(Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Fault fault) when (fault.Code == "evaluation.dataset_not_found")
        {
            return default;
        }
    }

    private static string Id(Call call) => call.Route("dataset_id");

    private static List<long> ReadExperiments(WireObject fields) =>
        [.. fields.Texts("experiment_ids").Select(Experiments.ParseId)];

    /// <summary>An id that is no number is of no experiment, and finds nothing.</summary>
    private static List<long> ReadKnown(WireObject fields) =>
        [
            .. fields
                .Texts("experiment_ids")
                .Select(id =>
                    long.TryParse(id, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : -1
                ),
        ];

    private static int ReadLimit(WireObject fields)
    {
        var limit = fields.Whole("max_results") is { } given and not 0 ? given : PageLimit;
        return limit is >= 1 and <= SearchLimit
            ? (int)limit
            : throw fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Tags as an object in a text; what is no text there becomes one.</summary>
    private static OrderedDictionary<string, string> ReadTags(WireObject fields)
    {
        var tags = new OrderedDictionary<string, string>();
        if (fields.Text("tags") is not { Length: > 0 } text)
            return tags;
        var json = Parse(fields, "tags", text);
        if (json is JsonArray { Count: 0 })
            return tags;
        if (json is not JsonObject members)
            throw fields.Invalid("tags", text);
        foreach (var (key, value) in members)
        {
            if (value is not null)
                tags[key] =
                    value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : PythonJson.Write(value);
        }
        return tags;
    }

    private static JsonNode? Parse(WireObject fields, string name, string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw fields.Invalid(name, text);
        }
    }

    private static Answer One(EvaluationDataset dataset, bool withExperiments = false) =>
        writer =>
        {
            writer.WriteStartObject("dataset"u8);
            Shape(writer, dataset, withExperiments);
            writer.WriteEndObject();
        };

    private static void Shape(Utf8JsonWriter writer, EvaluationDataset dataset, bool withExperiments = false)
    {
        writer.WriteString("dataset_id"u8, dataset.Id);
        writer.WriteString("name"u8, dataset.Name);
        writer.WriteString("tags"u8, PythonJson.Write(ToJson(dataset.Tags)));
        if (dataset.Fields is { } parts)
        {
            var schema = new JsonObject
            {
                ["inputs"] = ToJson(parts.Inputs),
                ["outputs"] = parts.OutputKind is null ? ToJson(parts.Outputs) : parts.OutputKind,
                ["expectations"] = ToJson(parts.Expectations),
                ["version"] = "1.0",
            };
            writer.WriteString("schema"u8, PythonJson.Write(schema));
            var profile = dataset.RecordCount > 0 ? new JsonObject { ["num_records"] = dataset.RecordCount } : null;
            writer.WriteString("profile"u8, PythonJson.Write(profile));
        }
        writer.WriteString("digest"u8, dataset.Digest);
        writer.WriteNumber("created_time"u8, dataset.CreatedMs);
        writer.WriteNumber("last_update_time"u8, dataset.UpdatedMs);
        if (dataset.CreatedBy is not null)
            writer.WriteString("created_by"u8, dataset.CreatedBy);
        if (dataset.UpdatedBy is not null)
            writer.WriteString("last_updated_by"u8, dataset.UpdatedBy);
        if (withExperiments)
            WriteExperiments(writer, dataset.ExperimentIds);
    }

    private static void WriteExperiments(Utf8JsonWriter writer, IReadOnlyList<long> ids)
    {
        if (ids.Count == 0)
            return;
        writer.WriteStartArray("experiment_ids"u8);
        foreach (var id in ids)
            writer.WriteStringValue(Shapes.Id(id));
        writer.WriteEndArray();
    }

    private static JsonObject ToJson(IReadOnlyDictionary<string, string> texts) =>
        new(texts.Select(text => KeyValuePair.Create(text.Key, (JsonNode?)text.Value)));
}
