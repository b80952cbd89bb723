using System.Globalization;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Filters;
using Slipway.Registry;
using Slipway.Sdk;
using Aliases = Slipway.Registry.Actions.Aliases;
using Verbs = Slipway.Registry.Actions.RegisteredModels;
using VersionVerbs = Slipway.Registry.Actions.ModelVersions;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on registered models, prompts among them, and on aliases.</summary>
internal sealed class RegisteredModels(Verbs models, Aliases aliases, VersionVerbs versions)
{
    private const int PageLimit = 100;

    public async Task<Answer> Create(Call call)
    {
        var fields = call.Fields;
        var request = new NewRegisteredModel(fields.Required("name"))
        {
            Description = fields.Text("description"),
            Tags = ReadTags(fields),
        };
        return One(await models.CreateAsync(call.Caller, request, call.Cancellation));
    }

    public async Task<Answer> Get(Call call) => One(await models.GetAsync(call.Caller, Name(call), call.Cancellation));

    public async Task<Answer> Update(Call call)
    {
        var description = call.Fields.Text("description");
        return One(await models.DescribeAsync(call.Caller, Name(call), description, call.Cancellation));
    }

    public async Task<Answer> Rename(Call call)
    {
        var (name, newName) = (Name(call), call.Fields.Required("new_name"));
        return One(await models.RenameAsync(call.Caller, name, newName, call.Cancellation));
    }

    public async Task<Answer> Delete(Call call)
    {
        await models.DeleteAsync(call.Caller, Name(call), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Search(Call call)
    {
        var fields = call.Fields;
        var limit = fields.Whole("max_results") ?? PageLimit;
        if (limit is < 0 or > Verbs.SearchLimit)
            throw fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        var query = new ModelQuery
        {
            Filter = Filter.Parse(fields.Text("filter")),
            Order = OrderBy.ParseAll(fields.Texts("order_by")),
            Offset = OffsetToken.Read(fields),
            Limit = (int)limit,
        };
        var page = await models.SearchAsync(call.Caller, query, call.Cancellation);
        return writer =>
        {
            Shapes.List(writer, "registered_models"u8, page.Models, ModelShapes.Model);
            if (page.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, OffsetToken.Write(next));
        };
    }

    public async Task<Answer> LatestVersions(Call call)
    {
        var name = Name(call);
        var stages = call.Fields.Texts("stages").Select(Stages.Parse).ToList();
        var latest = await versions.LatestAsync(call.Caller, name, stages, call.Cancellation);
        return writer => Shapes.List(writer, "model_versions"u8, latest, ModelShapes.Version);
    }

    public async Task<Answer> SetTag(Call call)
    {
        var (name, key) = (Name(call), call.Fields.Required("key"));
        await models.SetTagAsync(call.Caller, name, key, call.Fields.Text("value") ?? "", call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteTag(Call call)
    {
        var (name, key) = (Name(call), call.Fields.Required("key"));
        await models.DeleteTagAsync(call.Caller, name, key, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> SetAlias(Call call)
    {
        var (name, alias) = (Name(call), call.Fields.Required("alias"));
        var number = VersionNumber.Read(call.Fields);
        await aliases.SetAsync(call.Caller, name, alias, number, expected: null, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> DeleteAlias(Call call)
    {
        var (name, alias) = (Name(call), call.Fields.Required("alias"));
        await aliases.DeleteAsync(call.Caller, name, alias, call.Cancellation);
        return Call.Empty;
    }

    /// <summary>The word "latest" is no alias that anybody set; it means the first that a call for the latest would name.</summary>
    public async Task<Answer> GetByAlias(Call call)
    {
        var (name, alias) = (Name(call), call.Fields.Required("alias"));
        if (!alias.Equals("latest", StringComparison.OrdinalIgnoreCase))
            return ModelVersions.One(await versions.GetByAliasAsync(call.Caller, name, alias, call.Cancellation));
        var latest = await versions.LatestAsync(call.Caller, name, [], call.Cancellation);
        return latest.Count > 0
            ? ModelVersions.One(latest[0])
            : throw Fault.NotFound("mlflow.no_latest", $"Latest version not found for model {name}.");
    }

    /// <summary>Tags in the order sent; MLflow takes a missing value for an empty one.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> ReadTags(WireObject fields) =>
        [.. fields.Objects("tags").Select(tag => KeyValuePair.Create(tag.Required("key"), tag.Text("value") ?? ""))];

    private static string Name(Call call) => call.Fields.Required("name");

    private static Answer One(RegisteredModel model) =>
        writer =>
        {
            writer.WriteStartObject("registered_model"u8);
            ModelShapes.Model(writer, model);
            writer.WriteEndObject();
        };
}
