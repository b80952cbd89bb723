using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Experiments = Slipway.Tracking.Actions.Experiments;
using Query = Slipway.Tracking.ExperimentQuery;

namespace Slipway.Tracking.Http;

/// <summary>The native API of experiments and of the bin.</summary>
internal sealed class ExperimentEndpoints(Experiments experiments, Actions.RunOverview overview, Actions.Bin bin)
{
    private const string Listing = "experiments";
    private const int PageLimit = 50_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new ExperimentEndpoints(
            services.GetRequiredService<Experiments>(),
            services.GetRequiredService<Actions.RunOverview>(),
            services.GetRequiredService<Actions.Bin>()
        );
        app.MapApi("GET", "/api/v1/experiments", here.List);
        app.MapApi("POST", "/api/v1/experiments", here.Create);
        app.MapApi("GET", "/api/v1/experiments/by-name", here.GetByName);
        app.MapApi("GET", "/api/v1/experiments/{id}", here.Get);
        app.MapApi("PATCH", "/api/v1/experiments/{id}", here.Change);
        app.MapApi("DELETE", "/api/v1/experiments/{id}", here.Delete);
        app.MapApi("GET", "/api/v1/experiments/{id}/counts", here.Counts);
        app.MapApi("POST", "/api/v1/experiments/counts", here.CountsOfMany);
        app.MapApi("GET", "/api/v1/experiments/{id}/fields", here.Fields);
        app.MapApi("POST", "/api/v1/experiments/{id}/restore", here.Restore);
        app.MapApi("POST", "/api/v1/experiments/{id}/purge", here.Purge);
        app.MapApi("POST", "/api/v1/bin/empty", here.EmptyBin);
    }

    private async Task List(ApiCall call)
    {
        var query = new Query
        {
            Filter = Filter.Parse(call.Query("filter")),
            Order = OrderBy.ParseAll(call.QueryAll("order_by")),
            View = ReadView(call),
            Offset = (int)PageToken.ReadOffset(call.Query("page_token"), Listing),
            Limit = call.QueryWhole("page_size", fallback: 1000, least: 1, PageLimit),
        };
        var page = await experiments.SearchAsync(Caller(call), query, call.Cancellation);
        await call.AnswerAsync(
            TrackingJson.Default.ExperimentPage,
            Shapes.Page(Listing, page.Experiments, Shapes.Of, page.Total, page.NextOffset)
        );
    }

    private async Task Create(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.ExperimentCreate);
        var made = await experiments.CreateAsync(
            Caller(call),
            request.Name,
            request.ArtifactLocation,
            Shapes.Entries(request.Tags),
            call.Cancellation
        );
        await AnswerAsync(call, made, StatusCodes.Status201Created);
    }

    private async Task Get(ApiCall call) =>
        await AnswerAsync(call, await experiments.GetAsync(Caller(call), Id(call), call.Cancellation));

    private async Task GetByName(ApiCall call) =>
        await AnswerAsync(
            call,
            await experiments.GetByNameAsync(Caller(call), call.RequiredQuery("name"), call.Cancellation)
        );

    private async Task Change(ApiCall call)
    {
        var change = await call.ReadAsync(TrackingJson.Default.ExperimentChange);
        if (change.Name is not null)
            await experiments.RenameAsync(Caller(call), Id(call), change.Name, call.Cancellation);
        if (change.Tags is not null)
            await experiments.ChangeTagsAsync(Caller(call), Id(call), change.Tags, call.Cancellation);
        await Get(call);
    }

    private async Task Counts(ApiCall call) =>
        await call.AnswerAsync(
            TrackingJson.Default.ExperimentCounts,
            Shapes.Of(await experiments.CountsAsync(Caller(call), Id(call), call.Cancellation))
        );

    private async Task CountsOfMany(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.ExperimentCountsQuery);
        var ids = request.Ids.Select(Shapes.ExperimentId).ToList();
        var found = await overview.CountsAsync(Caller(call), ids, call.Cancellation);
        await call.AnswerAsync(
            TrackingJson.Default.ExperimentsCounts,
            new ExperimentsCounts
            {
                Counts = found.ToDictionary(pair => Shapes.IdText(pair.Key), pair => Shapes.Of(pair.Value)),
            }
        );
    }

    private async Task Fields(ApiCall call) =>
        await call.AnswerAsync(
            TrackingJson.Default.FieldsOfRuns,
            Shapes.Of(await overview.FieldsAsync(Caller(call), Id(call), call.Cancellation))
        );

    private async Task Delete(ApiCall call)
    {
        await experiments.EnsureDeletedAsync(Caller(call), Id(call), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Restore(ApiCall call)
    {
        await experiments.EnsureActiveAsync(Caller(call), Id(call), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Purge(ApiCall call)
    {
        var runs = await experiments.PurgeAsync(Caller(call), Id(call), call.Cancellation);
        await call.AnswerAsync(TrackingJson.Default.PurgeResult, new PurgeResult { Experiments = 1, Runs = runs });
    }

    private async Task EmptyBin(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.PurgeRequest);
        var emptied = await bin.EmptyAsync(Caller(call), request.DeletedBeforeMs, request.DryRun, call.Cancellation);
        await call.AnswerAsync(
            TrackingJson.Default.PurgeResult,
            new PurgeResult
            {
                Experiments = emptied.Experiments,
                Runs = emptied.Runs,
                Models = emptied.Models,
            }
        );
    }

    private static Task AnswerAsync(ApiCall call, Experiment experiment, int status = StatusCodes.Status200OK) =>
        call.AnswerAsync(TrackingJson.Default.ExperimentResource, Shapes.Of(experiment), status);

    private static long Id(ApiCall call) => Shapes.ExperimentId(call.Route("id"));

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);

    private static View ReadView(ApiCall call) =>
        call.Query("view") switch
        {
            null or "active" => View.ActiveOnly,
            "deleted" => View.DeletedOnly,
            "all" => View.All,
            var other => throw Fault.Invalid("request.view", $"'{other}' is not active, deleted or all.", "view"),
        };
}
