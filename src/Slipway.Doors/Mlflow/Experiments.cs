using System.Globalization;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Sdk;
using Slipway.Tracking;
using Verbs = Slipway.Tracking.Actions.Experiments;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on experiments.</summary>
internal sealed class Experiments(Verbs experiments)
{
    private const int SearchLimit = 50_000;
    private const int DatasetExperimentLimit = 20;

    public async Task<Answer> Create(Call call)
    {
        var tags = ReadTags(call.Fields);
        var created = await experiments.CreateAsync(
            call.Caller,
            call.Fields.Required("name"),
            call.Fields.Text("artifact_location"),
            tags,
            call.Cancellation
        );
        return writer => writer.WriteString("experiment_id"u8, Shapes.Id(created.Id));
    }

    public async Task<Answer> Get(Call call) =>
        One(await experiments.GetAsync(call.Caller, ReadId(call), call.Cancellation));

    public async Task<Answer> GetByName(Call call) =>
        One(await experiments.GetByNameAsync(call.Caller, call.Fields.Required("experiment_name"), call.Cancellation));

    public async Task<Answer> Search(Call call)
    {
        var limit = call.Fields.Whole("max_results") ?? 0;
        if (limit is < 1 or > SearchLimit)
            throw call.Fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        var query = new ExperimentQuery
        {
            Filter = SearchForm.Experiments.ReadFilter(call.Fields.Text("filter")),
            Order = SearchForm.Experiments.ReadOrder(call.Fields.Texts("order_by")),
            View = WireEnums.View(call.Fields, "view_type"),
            Offset = OffsetToken.Read(call.Fields),
            Limit = (int)limit,
        };
        var page = await experiments.SearchAsync(call.Caller, query, call.Cancellation);
        return writer =>
        {
            if (page.Experiments.Count > 0)
            {
                writer.WriteStartArray("experiments"u8);
                foreach (var experiment in page.Experiments)
                {
                    writer.WriteStartObject();
                    Shapes.Experiment(writer, experiment);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            if (page.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, OffsetToken.Write(next));
        };
    }

    /// <summary>A run of MLflow's prompt lab carries a model that only its gateway can serve.</summary>
    public async Task<Answer> CreatePromptlabRun(Call call)
    {
        string[] wanted =
        [
            "experiment_id",
            "prompt_template",
            "prompt_parameters",
            "model_route",
            "model_input",
            "mlflow_version",
        ];
        foreach (var name in wanted)
        {
            if (!call.Fields.Has(name))
                throw Fault.Invalid("mlflow.missing", $"CreatePromptlabRun request must specify {name}.", name);
        }
        await experiments.GetAsync(call.Caller, ReadId(call), call.Cancellation);
        throw Fault.Unsupported(
            "mlflow.not_yet",
            "Slipway does not have MLflow's prompt lab, nor the gateway it needs."
        );
    }

    public async Task<Answer> Update(Call call)
    {
        var id = ReadId(call);
        await experiments.RenameAsync(call.Caller, id, call.Fields.Required("new_name"), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Delete(Call call)
    {
        await experiments.DeleteAsync(call.Caller, ReadId(call), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Restore(Call call)
    {
        await experiments.RestoreAsync(call.Caller, ReadId(call), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> SetTag(Call call)
    {
        await experiments.SetTagAsync(call.Caller, ReadId(call), ReadEntry(call.Fields), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        await experiments.DeleteTagAsync(call.Caller, ReadId(call), call.Fields.Required("key"), call.Cancellation);
        return Call.Empty;
    }

    /// <summary>The datasets that runs of some experiments used.</summary>
    public async Task<Answer> SearchDatasets(Call call)
    {
        var ids = call.Fields.Texts("experiment_ids");
        if (ids.Count == 0)
            throw Fault.Invalid(
                "mlflow.missing",
                "SearchDatasets request must specify at least one experiment_id.",
                "experiment_ids"
            );
        if (ids.Count > DatasetExperimentLimit)
            throw Fault.Invalid(
                "mlflow.value",
                $"SearchDatasets request cannot specify more than {DatasetExperimentLimit} experiment_ids. Received {ids.Count} experiment_ids.",
                "experiment_ids"
            );
        var found = await experiments.DatasetsAsync(call.Caller, [.. ids.Select(ParseId)], call.Cancellation);
        return writer =>
        {
            if (found.Count == 0)
                return;
            writer.WriteStartArray("dataset_summaries"u8);
            foreach (var dataset in found)
            {
                writer.WriteStartObject();
                writer.WriteString("experiment_id"u8, Shapes.Id(dataset.ExperimentId));
                writer.WriteString("name"u8, dataset.Name);
                writer.WriteString("digest"u8, dataset.Digest);
                if (dataset.Context is not null)
                    writer.WriteString("context"u8, dataset.Context);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        };
    }

    /// <summary>MLflow's ids are texts of whole numbers; a well-formed id that is none names nothing.</summary>
    public static long ParseId(string id)
    {
        if (long.TryParse(id, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            return number;
        throw Fault.Invalid(
            "mlflow.experiment_id",
            $"Invalid experiment ID '{id}'. Experiment ID must be a valid integer.",
            "experiment_id"
        );
    }

    /// <summary>A tag or parameter; MLflow takes a missing value for an empty one.</summary>
    public static Entry ReadEntry(WireObject fields) => new(fields.Text("key") ?? "", fields.Text("value") ?? "");

    public static IReadOnlyList<Entry> ReadTags(WireObject fields) => [.. fields.Objects("tags").Select(ReadEntry)];

    private static long ReadId(Call call) => ParseId(call.Fields.Required("experiment_id"));

    private static Answer One(Experiment experiment) =>
        writer =>
        {
            writer.WriteStartObject("experiment"u8);
            Shapes.Experiment(writer, experiment);
            writer.WriteEndObject();
        };
}
