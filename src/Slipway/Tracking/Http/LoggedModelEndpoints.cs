using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using LoggedModels = Slipway.Tracking.Actions.LoggedModels;
using Query = Slipway.Tracking.LoggedModelQuery;

namespace Slipway.Tracking.Http;

/// <summary>The native API of logged models.</summary>
internal sealed class LoggedModelEndpoints(LoggedModels models)
{
    private const string Listing = "logged-models";

    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new LoggedModelEndpoints(app.ServiceProvider.GetRequiredService<LoggedModels>());
        app.MapApi("POST", "/api/v1/logged-models", here.Create);
        app.MapApi("POST", "/api/v1/logged-models/search", here.Search);
        app.MapApi("GET", "/api/v1/logged-models/{id}", here.Get);
        app.MapApi("PATCH", "/api/v1/logged-models/{id}", here.Change);
        app.MapApi("DELETE", "/api/v1/logged-models/{id}", here.Delete);
        app.MapApi("DELETE", "/api/v1/logged-models/{id}/tags", here.DeleteTag);
    }

    private async Task Create(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.LoggedModelCreate);
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
        await AnswerAsync(call, made, StatusCodes.Status201Created);
    }

    private async Task Get(ApiCall call) =>
        await AnswerAsync(call, await models.GetAsync(Caller(call), call.Route("id"), call.Cancellation));

    private async Task Change(ApiCall call)
    {
        var change = await call.ReadAsync(TrackingJson.Default.LoggedModelChange);
        var id = call.Route("id");
        if (change.Params.Count > 0)
            await models.LogParamsAsync(Caller(call), id, Shapes.Entries(change.Params), call.Cancellation);
        if (change.Tags.Count > 0)
            await models.SetTagsAsync(Caller(call), id, Shapes.Entries(change.Tags), call.Cancellation);
        if (change.Status is { } status)
            await models.FinalizeAsync(Caller(call), id, (LoggedModelStatus)status, call.Cancellation);
        await Get(call);
    }

    private async Task Delete(ApiCall call)
    {
        await models.DeleteAsync(Caller(call), call.Route("id"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task DeleteTag(ApiCall call)
    {
        await models.DeleteTagAsync(Caller(call), call.Route("id"), call.RequiredQuery("key"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Search(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.LoggedModelQuery);
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
        await call.AnswerAsync(
            TrackingJson.Default.LoggedModelPage,
            new Sdk.Tracking.LoggedModelPage
            {
                Items = [.. page.Models.Select(Shapes.Of)],
                NextPageToken = page.NextOffset is { } next ? PageToken.Offset(Listing, next) : null,
            }
        );
    }

    private static Task AnswerAsync(ApiCall call, LoggedModel model, int status = StatusCodes.Status200OK) =>
        call.AnswerAsync(TrackingJson.Default.LoggedModelResource, Shapes.Of(model), status);

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);
}
