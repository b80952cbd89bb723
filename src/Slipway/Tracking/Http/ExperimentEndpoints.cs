using System.ComponentModel;
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

    private static readonly ApiQuery<string> Name = ApiQuery.Required("name", "The name.");
    private static readonly ApiQuery<string?> Condition = ApiQuery.Text(
        "filter",
        "A condition such as name LIKE 'fare%' AND tags.team = 'taxi'; without it all."
    );
    private static readonly ApiQuery<IReadOnlyList<string>> Order = ApiQuery.Many(
        "order_by",
        "Fields such as name or creation_time DESC; newest first where nothing is said."
    );
    private static readonly ApiQuery<string> Lifecycles = ApiQuery.OneOf(
        "view",
        "Whether those in the bin are meant.",
        "active",
        "deleted",
        "all"
    );
    private static readonly ApiQuery<string?> After = ApiQuery.Text("page_token", "Where the page before ended.");
    private static readonly ApiQuery<int> PageSize = ApiQuery.Whole(
        "page_size",
        "How many come at a time.",
        fallback: 1000,
        least: 1,
        most: PageLimit
    );

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new ExperimentEndpoints(
            services.GetRequiredService<Experiments>(),
            services.GetRequiredService<Actions.RunOverview>(),
            services.GetRequiredService<Actions.Bin>()
        );
        var api = new ApiRoutes(app, TrackingJson.Default);
        api.Map<Page<ExperimentResource>>("GET", "/api/v1/experiments", here.List)
            .Asks(Condition, Order, Lifecycles, After, PageSize);
        api.Map<ExperimentCreate, ExperimentResource>("POST", "/api/v1/experiments", here.Create).Creates();
        api.Map<ExperimentResource>("GET", "/api/v1/experiments/by-name", here.GetByName).Asks(Name);
        api.Map<ExperimentResource>("GET", "/api/v1/experiments/{id}", here.Get);
        api.Map<ExperimentChange, ExperimentResource>("PATCH", "/api/v1/experiments/{id}", here.Change);
        api.Map("DELETE", "/api/v1/experiments/{id}", here.Delete);
        api.Map<ExperimentCounts>("GET", "/api/v1/experiments/{id}/counts", here.Counts);
        api.Map<ExperimentCountsQuery, ExperimentsCounts>("POST", "/api/v1/experiments/counts", here.CountsOfMany);
        api.Map<RunFields>("GET", "/api/v1/experiments/{id}/fields", here.Fields);
        api.Map("POST", "/api/v1/experiments/{id}/restore", here.Restore);
        api.Map<PurgeResult>("POST", "/api/v1/experiments/{id}/purge", here.Purge);
        api.Map<PurgeRequest, PurgeResult>("POST", "/api/v1/bin/empty", here.EmptyBin);
    }

    [Description("Experiments that meet a condition, a page at a time.")]
    private async Task<Page<ExperimentResource>> List(ApiCall call)
    {
        var query = new Query
        {
            Filter = Filter.Parse(call.Query(Condition)),
            Order = OrderBy.ParseAll(call.Query(Order)),
            View = ReadView(call.Query(Lifecycles)),
            Offset = (int)PageToken.ReadOffset(call.Query(After), Listing),
            Limit = call.Query(PageSize),
        };
        var page = await experiments.SearchAsync(Caller(call), query, call.Cancellation);
        return Shapes.Page(Listing, page.Experiments, Shapes.Of, page.Total, page.NextOffset);
    }

    [Description("Makes an experiment.")]
    private async Task<ExperimentResource> Create(ApiCall call, ExperimentCreate request)
    {
        var made = await experiments.CreateAsync(
            Caller(call),
            request.Name,
            request.ArtifactLocation,
            Shapes.Entries(request.Tags),
            call.Cancellation
        );
        return Shapes.Of(made);
    }

    [Description("An experiment.")]
    private async Task<ExperimentResource> Get(ApiCall call) =>
        Shapes.Of(await experiments.GetAsync(Caller(call), Id(call), call.Cancellation));

    [Description("The experiment of a name.")]
    private async Task<ExperimentResource> GetByName(ApiCall call) =>
        Shapes.Of(await experiments.GetByNameAsync(Caller(call), call.Query(Name), call.Cancellation));

    [Description("Changes the name or the tags of an experiment.")]
    private async Task<ExperimentResource> Change(ApiCall call, ExperimentChange change)
    {
        if (change.Name is not null)
            await experiments.RenameAsync(Caller(call), Id(call), change.Name, call.Cancellation);
        if (change.Tags is not null)
            await experiments.ChangeTagsAsync(Caller(call), Id(call), change.Tags, call.Cancellation);
        return await Get(call);
    }

    [Description("How many runs an experiment has, by state.")]
    private async Task<ExperimentCounts> Counts(ApiCall call) =>
        Shapes.Of(await experiments.CountsAsync(Caller(call), Id(call), call.Cancellation));

    [Description("How many runs several experiments have.")]
    private async Task<ExperimentsCounts> CountsOfMany(ApiCall call, ExperimentCountsQuery request)
    {
        var ids = request.Ids.Select(Shapes.ExperimentId).ToList();
        var found = await overview.CountsAsync(Caller(call), ids, call.Cancellation);
        return new ExperimentsCounts
        {
            Counts = found.ToDictionary(pair => Shapes.IdText(pair.Key), pair => Shapes.Of(pair.Value)),
        };
    }

    [Description("The names of metrics, params and tags that the runs of an experiment have.")]
    private async Task<RunFields> Fields(ApiCall call) =>
        Shapes.Of(await overview.FieldsAsync(Caller(call), Id(call), call.Cancellation));

    [Description("Puts an experiment and its runs into the bin.")]
    private Task Delete(ApiCall call) => experiments.EnsureDeletedAsync(Caller(call), Id(call), call.Cancellation);

    [Description("Takes an experiment out of the bin.")]
    private Task Restore(ApiCall call) => experiments.EnsureActiveAsync(Caller(call), Id(call), call.Cancellation);

    [Description("Removes an experiment of the bin for good, with its runs.")]
    private async Task<PurgeResult> Purge(ApiCall call)
    {
        var runs = await experiments.PurgeAsync(Caller(call), Id(call), call.Cancellation);
        return new PurgeResult { Experiments = 1, Runs = runs };
    }

    [Description("Removes for good what has been in the bin since before a time.")]
    private async Task<PurgeResult> EmptyBin(ApiCall call, PurgeRequest request)
    {
        var emptied = await bin.EmptyAsync(Caller(call), request.DeletedBeforeMs, request.DryRun, call.Cancellation);
        return new PurgeResult
        {
            Experiments = emptied.Experiments,
            Runs = emptied.Runs,
            Models = emptied.Models,
        };
    }

    private static long Id(ApiCall call) => Shapes.ExperimentId(call.Route("id"));

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);

    private static View ReadView(string word) =>
        word switch
        {
            "deleted" => View.DeletedOnly,
            "all" => View.All,
            _ => View.ActiveOnly,
        };
}
