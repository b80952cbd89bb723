using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Query = Slipway.Tracking.RunQuery;
using Runs = Slipway.Tracking.Actions.Runs;
using Wire = Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Http;

/// <summary>The native API of runs: PUT makes one under an id of the caller's choice, so that every call but POST may be sent again.</summary>
internal sealed class RunEndpoints(Runs runs, TimeProvider clock)
{
    private const string Listing = "runs";
    private const string Snapshot = "snapshot";
    private const string HistoryListing = "history";
    private const int HistoryPageLimit = 100_000;

    private static readonly ApiQuery<string> TagKey = ApiQuery.Required("key", "The tag.");
    private static readonly ApiQuery<string> Metric = ApiQuery.Required("key", "The metric.");
    private static readonly ApiQuery<string?> After = ApiQuery.Text("page_token", "Where the page before ended.");
    private static readonly ApiQuery<int> HistoryPage = ApiQuery.Whole(
        "page_size",
        "How many points come at a time.",
        fallback: HistoryPageLimit,
        least: 1,
        most: HistoryPageLimit
    );

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new RunEndpoints(services.GetRequiredService<Runs>(), services.GetRequiredService<TimeProvider>());
        var api = new ApiRoutes(app, TrackingJson.Default);
        api.Map<RunCreate, RunResource>("POST", "/api/v1/runs", here.Create).Creates();
        api.Map<Wire.RunQuery, Page<RunResource>>("POST", "/api/v1/runs/search", here.Search);
        api.Map<RunGroupQuery, Wire.RunGroups>("POST", "/api/v1/runs/groups", here.Groups);
        api.Map<RunLookup, Wire.RunsFound>("POST", "/api/v1/runs/lookup", here.Lookup);
        api.Map<HistoryQuery, Histories>("POST", "/api/v1/runs/histories", here.Histories);
        api.Map<RunCreate, RunResource>("PUT", "/api/v1/runs/{id}", here.Ensure).MayCreate();
        api.Map<RunResource>("GET", "/api/v1/runs/{id}", here.Get);
        api.Map<Wire.RunChange, RunResource>("PATCH", "/api/v1/runs/{id}", here.Change);
        api.Map("DELETE", "/api/v1/runs/{id}", here.Delete);
        api.Map("POST", "/api/v1/runs/{id}/restore", here.Restore);
        api.Map("POST", "/api/v1/runs/{id}/purge", here.Purge);
        api.Map<RunLog>("POST", "/api/v1/runs/{id}/log", here.Log);
        api.Map<Wire.RunLinks>("POST", "/api/v1/runs/{id}/links", here.AddLinks);
        api.Map("DELETE", "/api/v1/runs/{id}/tags", here.DeleteTag).Asks(TagKey);
        api.Map<MetricSeries>("GET", "/api/v1/runs/{id}/history", here.History).Asks(Metric, After, HistoryPage);
    }

    [Description("Makes a run; its id is made up by the server.")]
    private async Task<RunResource> Create(ApiCall call, RunCreate request) =>
        Shapes.Of((await EnsureAsync(call, Guid.NewGuid().ToString("N"), request)).Run);

    [Description("Makes a run under an id of the caller's choice, or gives the one there is: it may be sent again.")]
    private async Task<RunResource> Ensure(ApiCall call, RunCreate request)
    {
        var (run, created) = await EnsureAsync(call, call.Route("id"), request);
        if (created)
            call.Created();
        return Shapes.Of(run);
    }

    private Task<(Run Run, bool Created)> EnsureAsync(ApiCall call, string runId, RunCreate request)
    {
        if (request.ExperimentId is null == request.Experiment is null)
            throw Fault.Invalid(
                "run.experiment_missing",
                "A run belongs to an experiment: give 'experiment' (its name) or 'experiment_id'.",
                "experiment"
            );
        var asked = new NewRun(request.ExperimentId is null ? 0 : Shapes.ExperimentId(request.ExperimentId))
        {
            Name = request.Name,
            User = request.User ?? (request.Tags.ContainsKey(Runs.UserTag) ? null : Caller(call).User),
            StartMs = request.StartMs ?? Now(),
            Tags = Shapes.Entries(request.Tags),
        };
        return runs.EnsureAsync(Caller(call), runId, asked, request.Experiment, call.Cancellation);
    }

    [Description("A run with all it logged, of metrics the latest values.")]
    private async Task<RunResource> Get(ApiCall call) =>
        Shapes.Of(await runs.GetAsync(Caller(call), call.Route("id"), call.Cancellation));

    [Description("Runs of some experiments that meet a condition, a page at a time.")]
    private async Task<Page<RunResource>> Search(ApiCall call, Wire.RunQuery request)
    {
        if (request.PageSize is < 1 or > Runs.SearchLimit)
            throw Fault.Invalid("run.page_size", $"A page has from 1 to {Runs.SearchLimit} runs.", "page_size");
        if (request.Offset < 0)
            throw Fault.Invalid("run.offset", "An offset is not below 0.", "offset");
        var fields = FieldChoice.Read(request.Fields);
        var query = new Query([.. request.ExperimentIds.Select(Shapes.ExperimentId)])
        {
            Filter = Filter.Parse(request.Filter),
            Order = OrderBy.ParseAll(request.OrderBy),
            View = Shapes.View(request.View),
            Offset = request.PageToken is null ? request.Offset : (int)PageToken.ReadOffset(request.PageToken, Listing),
            Limit = request.PageSize,
            UpTo = request.UpTo is null ? long.MaxValue : PageToken.ReadOffset(request.UpTo, Snapshot),
        };
        var page = await runs.SearchAsync(Caller(call), query, call.Cancellation);
        return Shapes.Page(Listing, page.Runs, run => Shapes.Of(fields.Of(run)), page.Total, page.NextOffset) with
        {
            Snapshot = PageToken.Offset(Snapshot, page.Snapshot),
        };
    }

    [Description("Runs by what they have in a field, with a summary of metrics for each group.")]
    private async Task<Wire.RunGroups> Groups(ApiCall call, RunGroupQuery request)
    {
        var query = new Query([.. request.ExperimentIds.Select(Shapes.ExperimentId)])
        {
            Filter = Filter.Parse(request.Filter),
            View = Shapes.View(request.View),
        };
        var by = RunField.Of(OrderBy.Parse(request.By).Field);
        return Shapes.Of(await runs.GroupAsync(Caller(call), query, by, request.Metrics, call.Cancellation));
    }

    [Description("Several runs by their ids.")]
    private async Task<Wire.RunsFound> Lookup(ApiCall call, RunLookup request)
    {
        var found = await runs.GetManyAsync(Caller(call), request.Ids, call.Cancellation);
        return new Wire.RunsFound { Runs = [.. found.Runs.Select(Shapes.Of)], Missing = found.Missing };
    }

    [Description("Changes the state or the name of a run, or moves it.")]
    private async Task<RunResource> Change(ApiCall call, Wire.RunChange change)
    {
        var id = call.Route("id");
        if (change.EndMs is { } endMs)
            TrackingRules.Time(endMs, "end_ms");
        if (change.ExperimentId is not null)
            await runs.MoveToAsync(Caller(call), id, Shapes.ExperimentId(change.ExperimentId), call.Cancellation);
        if (change.Status is not null || change.EndMs is not null || change.Name is not null)
            await runs.UpdateAsync(
                Caller(call),
                id,
                new RunChange((RunStatus?)change.Status, change.EndMs, change.Name),
                call.Cancellation
            );
        return await Get(call);
    }

    [Description("Logs metrics, params and tags: all of them or none.")]
    private Task Log(ApiCall call, RunLog log) =>
        runs.LogAsync(Caller(call), call.Route("id"), Shapes.Batch(log, Now()), call.Cancellation);

    [Description("Says what datasets and models a run read and made.")]
    private async Task AddLinks(ApiCall call, Wire.RunLinks links)
    {
        var id = call.Route("id");
        if (links.Datasets.Count > 0 || links.ModelInputs.Count > 0)
            await runs.LogInputsAsync(
                Caller(call),
                id,
                [.. links.Datasets.Select(Shapes.Noun)],
                links.ModelInputs,
                call.Cancellation
            );
        if (links.ModelOutputs.Count > 0)
            await runs.LogOutputsAsync(
                Caller(call),
                id,
                [.. links.ModelOutputs.Select(o => new ModelOutput(o.ModelId, o.Step))],
                mayRepeat: true,
                call.Cancellation
            );
    }

    [Description("Removes a tag of a run.")]
    private Task DeleteTag(ApiCall call) =>
        runs.DeleteTagAsync(Caller(call), call.Route("id"), call.Query(TagKey), call.Cancellation);

    [Description("Puts a run into the bin.")]
    private Task Delete(ApiCall call) => runs.DeleteAsync(Caller(call), call.Route("id"), call.Cancellation);

    [Description("Takes a run out of the bin.")]
    private Task Restore(ApiCall call) => runs.RestoreAsync(Caller(call), call.Route("id"), call.Cancellation);

    [Description("Removes a run of the bin for good.")]
    private Task Purge(ApiCall call) => runs.PurgeAsync(Caller(call), call.Route("id"), call.Cancellation);

    [Description("The history of a metric as it was logged, in the order of time, a page at a time.")]
    private async Task<MetricSeries> History(ApiCall call)
    {
        var key = call.Query(Metric);
        var offset = (int)PageToken.ReadOffset(call.Query(After), HistoryListing);
        var limit = call.Query(HistoryPage);
        var id = call.Route("id");
        var history = await runs.HistoryAsync(Caller(call), id, key, offset, limit, call.Cancellation);
        return Shapes.Series(id, key, history.Total, history.Points) with
        {
            NextPageToken = history.NextOffset is { } next ? PageToken.Offset(HistoryListing, next) : null,
        };
    }

    [Description("Many histories, each thinned to what a chart can show.")]
    private async Task<Histories> Histories(ApiCall call, HistoryQuery request)
    {
        var found = await runs.SeriesAsync(
            Caller(call),
            new SeriesQuery(request.RunIds, request.Keys, request.MaxPoints),
            call.Cancellation
        );
        return new Histories { Series = [.. found.Select(s => Shapes.Series(s.RunId, s.Key, s.Total, s.Points))] };
    }

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
