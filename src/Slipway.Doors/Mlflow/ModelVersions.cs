using System.Globalization;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Filters;
using Slipway.Registry;
using Verbs = Slipway.Registry.Actions.ModelVersions;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on versions of registered models.</summary>
internal sealed class ModelVersions(Verbs versions)
{
    private const int PageLimit = 200_000;

    public async Task<Answer> Create(Call call)
    {
        var fields = call.Fields;
        var request = new NewModelVersion(fields.Required("name"), fields.Required("source"))
        {
            RunId = fields.Text("run_id") ?? "",
            RunLink = fields.Text("run_link") ?? "",
            LoggedModelId = fields.Text("model_id") ?? "",
            Description = fields.Text("description") ?? "",
            Tags = RegisteredModels.ReadTags(fields),
        };
        return One(await versions.CreateAsync(call.Caller, request, call.Cancellation));
    }

    public async Task<Answer> Get(Call call)
    {
        var (name, number) = Key(call);
        return One(await versions.GetAsync(call.Caller, name, number, call.Cancellation));
    }

    public async Task<Answer> Update(Call call)
    {
        var (name, number) = Key(call);
        var description = call.Fields.Text("description");
        return One(await versions.DescribeAsync(call.Caller, name, number, description, call.Cancellation));
    }

    public async Task<Answer> Delete(Call call)
    {
        var (name, number) = Key(call);
        await versions.DeleteAsync(call.Caller, name, number, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Search(Call call)
    {
        var fields = call.Fields;
        var limit = fields.Whole("max_results") ?? PageLimit;
        if (limit is < 1 or > Verbs.SearchLimit)
            throw fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        var query = new VersionQuery
        {
            Filter = Filter.Parse(fields.Text("filter")),
            Order = OrderBy.ParseAll(fields.Texts("order_by")),
            Offset = OffsetToken.Read(fields),
            Limit = (int)limit,
        };
        var page = await versions.SearchAsync(call.Caller, query, call.Cancellation);
        return writer =>
        {
            Shapes.List(writer, "model_versions"u8, page.Versions, ModelShapes.Version);
            if (page.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, OffsetToken.Write(next));
        };
    }

    public async Task<Answer> SetTag(Call call)
    {
        var (name, number) = Key(call);
        var (key, value) = (call.Fields.Required("key"), call.Fields.Text("value") ?? "");
        await versions.SetTagAsync(call.Caller, name, number, key, value, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        var (name, number) = Key(call);
        await versions.DeleteTagAsync(call.Caller, name, number, call.Fields.Required("key"), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Transition(Call call)
    {
        var (name, number) = Key(call);
        var stage = Stages.Parse(call.Fields.Required("stage"));
        var archive = call.Fields.Flag("archive_existing_versions") ?? false;
        return One(await versions.MoveAsync(call.Caller, name, number, stage, archive, call.Cancellation));
    }

    public async Task<Answer> DownloadUri(Call call)
    {
        var (name, number) = Key(call);
        var version = await versions.GetAsync(call.Caller, name, number, call.Cancellation);
        return writer => writer.WriteString("artifact_uri"u8, version.ArtifactUri);
    }

    public static Answer One(ModelVersion version) =>
        writer =>
        {
            writer.WriteStartObject("model_version"u8);
            ModelShapes.Version(writer, version);
            writer.WriteEndObject();
        };

    private static (string Name, int Number) Key(Call call) =>
        (call.Fields.Required("name"), VersionNumber.Read(call.Fields));
}
