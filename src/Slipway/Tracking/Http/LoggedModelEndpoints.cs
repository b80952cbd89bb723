using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using LoggedModels = Slipway.Tracking.Actions.LoggedModels;
using Query = Slipway.Tracking.LoggedModelQuery;
using Wire = Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Http;

/// <summary>The native API of logged models.</summary>
internal sealed class LoggedModelEndpoints(LoggedModels models)
{
    private const string Listing = "logged-models";

    private static readonly ApiQuery<string> TagKey = ApiQuery.Required("key", "The tag.");

    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new LoggedModelEndpoints(app.ServiceProvider.GetRequiredService<LoggedModels>());
        var api = new ApiRoutes(app, TrackingJson.Default);
        api.Map<LoggedModelCreate, LoggedModelResource>("POST", "/api/v1/logged-models", here.Create).Creates();
        api.Map<Wire.LoggedModelQuery, Wire.LoggedModelPage>("POST", "/api/v1/logged-models/search", here.Search);
        api.Map<LoggedModelResource>("GET", "/api/v1/logged-models/{id}", here.Get);
        api.Map<LoggedModelChange, LoggedModelResource>("PATCH", "/api/v1/logged-models/{id}", here.Change);
        api.Map("DELETE", "/api/v1/logged-models/{id}", here.Delete);
        api.Map("DELETE", "/api/v1/logged-models/{id}/tags", here.DeleteTag).Asks(TagKey);
    }

    [Description("Makes a logged model.")]
    private async Task<LoggedModelResource> Create(ApiCall call, LoggedModelCreate request)
    {
        var made = await models.CreateAsync(
            Caller(call),
            new NewLoggedModel(Shapes.ExperimentId(request.ExperimentId))
            {
                Name = request.Name,
                Type = request.Type,
                SourceRunId = request.SourceRunId,
                Params = Shapes.Entries(request.Params),
                Tags = Shapes.Entries(request.Tags),
            },
            call.Cancellation
        );
        return Shapes.Of(made);
    }

    [Description("A logged model.")]
    private async Task<LoggedModelResource> Get(ApiCall call) =>
        Shapes.Of(await models.GetAsync(Caller(call), call.Route("id"), call.Cancellation));

    [Description("Adds params and tags to a logged model, or says how its making ended.")]
    private async Task<LoggedModelResource> Change(ApiCall call, LoggedModelChange change)
    {
        var id = call.Route("id");
        if (change.Params.Count > 0)
            await models.LogParamsAsync(Caller(call), id, Shapes.Entries(change.Params), call.Cancellation);
        if (change.Tags.Count > 0)
            await models.SetTagsAsync(Caller(call), id, Shapes.Entries(change.Tags), call.Cancellation);
        if (change.Status is { } status)
            await models.FinalizeAsync(Caller(call), id, (LoggedModelStatus)status, call.Cancellation);
        return await Get(call);
    }

    [Description("Puts a logged model into the bin.")]
    private Task Delete(ApiCall call) => models.DeleteAsync(Caller(call), call.Route("id"), call.Cancellation);

    [Description("Removes a tag of a logged model.")]
    private Task DeleteTag(ApiCall call) =>
        models.DeleteTagAsync(Caller(call), call.Route("id"), call.Query(TagKey), call.Cancellation);

    [Description("Logged models of some experiments that meet a condition, a page at a time.")]
    private async Task<Wire.LoggedModelPage> Search(ApiCall call, Wire.LoggedModelQuery request)
    {
        if (request.PageSize is < 1 or > LoggedModels.SearchLimit)
            throw Fault.Invalid(
                "model.page_size",
                $"A page has from 1 to {LoggedModels.SearchLimit} models.",
                "page_size"
            );
        var query = new Query([.. request.ExperimentIds.Select(Shapes.ExperimentId)])
        {
            Filter = Filter.Parse(request.Filter),
            Order =
            [
                .. OrderBy
                    .ParseAll(request.OrderBy)
                    .Select(order => new LoggedModelOrder(order.Field, order.Ascending, null, null)),
            ],
            Offset = (int)PageToken.ReadOffset(request.PageToken, Listing),
            Limit = request.PageSize,
        };
        var page = await models.SearchAsync(Caller(call), query, call.Cancellation);
        return new Wire.LoggedModelPage
        {
            Items = [.. page.Models.Select(Shapes.Of)],
            NextPageToken = page.NextOffset is { } next ? PageToken.Offset(Listing, next) : null,
        };
    }

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);
}
