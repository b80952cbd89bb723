using System.Globalization;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Slipway.Tracking;
using Verbs = Slipway.Tracking.Actions.Experiments;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on experiments.</summary>
internal sealed class Experiments(Verbs experiments)
{
    private const int SearchLimit = 50_000;

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
        var limit = call.Fields.Whole("max_results") ?? 1000;
        if (limit is < 1 or > SearchLimit)
            throw call.Fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        var query = new ExperimentQuery
        {
            Filter = Filter.Parse(call.Fields.Text("filter")),
            Order = OrderBy.ParseAll(call.Fields.Texts("order_by")),
            View = WireEnums.View(call.Fields),
            Offset = (int)PageToken.ReadOffset(call.Fields.Text("page_token"), "experiments"),
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
                writer.WriteString("next_page_token"u8, PageToken.Offset("experiments", next));
        };
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
        var tag = new Entry(call.Fields.Required("key"), call.Fields.RequiredEvenEmpty("value"));
        await experiments.SetTagAsync(call.Caller, ReadId(call), tag, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        await experiments.DeleteTagAsync(call.Caller, ReadId(call), call.Fields.Required("key"), call.Cancellation);
        return Call.Empty;
    }

    /// <summary>MLflow's ids are texts of whole numbers; a well-formed id that is none names nothing.</summary>
    public static long ParseId(string id)
    {
        if (long.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
            return number;
        throw Fault.Invalid(
            "mlflow.experiment_id",
            $"Invalid experiment ID '{id}'. Experiment ID must be a valid integer.",
            "experiment_id"
        );
    }

    public static IReadOnlyList<Entry> ReadTags(WireObject fields) =>
        [.. fields.Objects("tags").Select(tag => new Entry(tag.Required("key"), tag.RequiredEvenEmpty("value")))];

    private static long ReadId(Call call) => ParseId(call.Fields.Required("experiment_id"));

    private static Answer One(Experiment experiment) =>
        writer =>
        {
            writer.WriteStartObject("experiment"u8);
            Shapes.Experiment(writer, experiment);
            writer.WriteEndObject();
        };
}
