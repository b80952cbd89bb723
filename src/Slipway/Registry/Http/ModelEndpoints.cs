using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Registry.Actions;
using Slipway.Sdk.Registry;
using Wire = Slipway.Sdk.Registry;

namespace Slipway.Registry.Http;

/// <summary>The native API of registered models and their aliases.</summary>
internal sealed class ModelEndpoints(RegisteredModels models, ModelVersions versions, Aliases aliases)
{
    private const string Listing = "models";

    private static readonly ApiQuery<string> TagKey = ApiQuery.Required("key", "The tag.");
    private static readonly ApiQuery<string?> OfAlias = ApiQuery.Text("alias", "Only what became of this alias.");
    private static readonly ApiQuery<int> Limit = ApiQuery.Whole("limit", "How many come at most.", 100, 1, 1000);

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new ModelEndpoints(
            services.GetRequiredService<RegisteredModels>(),
            services.GetRequiredService<ModelVersions>(),
            services.GetRequiredService<Aliases>()
        );
        const string model = "/api/v1/models/{name}";
        const string alias = $"{model}/aliases/{{alias}}";
        var api = new ApiRoutes(app, RegistryJson.Default);
        api.Map<Wire.ModelPage>("GET", "/api/v1/models", here.ListModels).Asks(Paging.All);
        api.Map<ModelCreate, ModelResource>("POST", "/api/v1/models", here.CreateModel).Creates();
        api.Map<ModelResource>("GET", model, here.GetModel);
        api.Map<ModelChange, ModelResource>("PATCH", model, here.ChangeModel);
        api.Map("DELETE", model, here.DeleteModel);
        api.Map("DELETE", $"{model}/tags", here.DeleteTagOfModel).Asks(TagKey);
        api.Map<IReadOnlyList<MoveResource>>("GET", $"{model}/history", here.History).Asks(OfAlias, Limit);
        api.Map<VersionResource>("GET", alias, here.GetAlias);
        api.Map<AliasPut, VersionResource>("PUT", alias, here.SetAlias);
        api.Map("DELETE", alias, here.DeleteAlias);
        api.Map<VersionResource>("POST", $"{alias}/rollback", here.RollBackAlias);
    }

    [Description("Registered models that meet a condition, a page at a time.")]
    private async Task<Wire.ModelPage> ListModels(ApiCall call)
    {
        var query = new ModelQuery
        {
            Filter = Filter.Parse(call.Query(Paging.Filter)),
            Order = OrderBy.ParseAll(call.Query(Paging.Order)),
            Offset = (int)PageToken.ReadOffset(call.Query(Paging.Token), Listing),
            Limit = call.Query(Paging.Size),
        };
        var page = await models.SearchAsync(Paging.Caller(call), query, call.Cancellation);
        return new Wire.ModelPage
        {
            Items = [.. page.Models.Select(Shapes.Of)],
            NextPageToken = page.NextOffset is { } next ? PageToken.Offset(Listing, next) : null,
        };
    }

    [Description("Registers a name for versions of a model.")]
    private async Task<ModelResource> CreateModel(ApiCall call, ModelCreate request)
    {
        var made = await models.CreateAsync(
            Paging.Caller(call),
            new NewRegisteredModel(request.Name)
            {
                Description = request.Description,
                Tags = Shapes.Pairs(request.Tags),
            },
            call.Cancellation
        );
        return Shapes.Of(made);
    }

    [Description("A registered model with its aliases and the newest version of each stage.")]
    private async Task<ModelResource> GetModel(ApiCall call) =>
        Shapes.Of(await models.GetAsync(Paging.Caller(call), Name(call), call.Cancellation));

    [Description("Describes, tags or renames a registered model.")]
    private async Task<ModelResource> ChangeModel(ApiCall call, ModelChange change)
    {
        var (caller, name) = (Paging.Caller(call), Name(call));
        foreach (var (key, value) in change.Tags)
            await models.SetTagAsync(caller, name, key, value, call.Cancellation);
        if (change.Description is not null)
            await models.DescribeAsync(caller, name, change.Description, call.Cancellation);
        return Shapes.Of(
            change.Name is null
                ? await models.GetAsync(caller, name, call.Cancellation)
                : await models.RenameAsync(caller, name, change.Name, call.Cancellation)
        );
    }

    [Description("Removes a registered model with all of its versions for good.")]
    private Task DeleteModel(ApiCall call) => models.DeleteAsync(Paging.Caller(call), Name(call), call.Cancellation);

    [Description("Removes a tag of a registered model.")]
    private Task DeleteTagOfModel(ApiCall call) =>
        models.DeleteTagAsync(Paging.Caller(call), Name(call), call.Query(TagKey), call.Cancellation);

    [Description("What became of an alias, or of all aliases and stages of a model, the last in front.")]
    private async Task<IReadOnlyList<MoveResource>> History(ApiCall call)
    {
        var moves = await aliases.HistoryAsync(
            Paging.Caller(call),
            Name(call),
            call.Query(OfAlias),
            call.Query(Limit),
            call.Cancellation
        );
        return [.. moves.Select(Shapes.Of)];
    }

    [Description("The version that an alias means.")]
    private async Task<VersionResource> GetAlias(ApiCall call) =>
        Shapes.Of(
            await versions.GetByAliasAsync(Paging.Caller(call), Name(call), call.Route("alias"), call.Cancellation)
        );

    [Description("Makes an alias mean a version.")]
    private async Task<VersionResource> SetAlias(ApiCall call, AliasPut request)
    {
        var expected = request.ExpectedVersion switch
        {
            null => (ExpectedVersion?)null,
            0 => new ExpectedVersion(null),
            var number => new ExpectedVersion(number),
        };
        await aliases.SetAsync(
            Paging.Caller(call),
            Name(call),
            call.Route("alias"),
            request.Version,
            expected,
            call.Cancellation
        );
        return Shapes.Of(await versions.GetAsync(Paging.Caller(call), Name(call), request.Version, call.Cancellation));
    }

    [Description("Deletes an alias; one that is not there stays so.")]
    private Task DeleteAlias(ApiCall call) =>
        aliases.DeleteAsync(Paging.Caller(call), Name(call), call.Route("alias"), call.Cancellation);

    [Description("Makes an alias mean what it meant before its last move.")]
    private async Task<VersionResource> RollBackAlias(ApiCall call)
    {
        var number = await aliases.RollBackAsync(
            Paging.Caller(call),
            Name(call),
            call.Route("alias"),
            call.Cancellation
        );
        return Shapes.Of(await versions.GetAsync(Paging.Caller(call), Name(call), number, call.Cancellation));
    }

    private static string Name(ApiCall call) => call.Route("name");
}

/// <summary>What lists of the registry are asked for.</summary>
internal static class Paging
{
    public static readonly ApiQuery<string?> Filter = ApiQuery.Text(
        "filter",
        "A condition, such as name LIKE 'fare%' AND tags.team = 'taxi'."
    );
    public static readonly ApiQuery<IReadOnlyList<string>> Order = ApiQuery.Many(
        "order_by",
        "Fields to order by, such as name DESC."
    );
    public static readonly ApiQuery<int> Size = ApiQuery.Whole("page_size", "How many come at a time.", 100, 1, 1000);
    public static readonly ApiQuery<string?> Token = ApiQuery.Text(
        "page_token",
        "Where to go on, as the page before said it."
    );

    public static ApiQuery[] All { get; } = [Filter, Order, Size, Token];

    public static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);
}
