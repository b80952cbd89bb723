using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Http;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Query = Slipway.Tracking.RunQuery;
using Runs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Tracking.Http;

/// <summary>The native API of runs: PUT makes one under an id of the caller's choice, so that every call but POST may be sent again.</summary>
internal sealed class RunEndpoints(Runs runs, TimeProvider clock)
{
    private const string Listing = "runs";
    private const string Snapshot = "snapshot";
    private const string HistoryListing = "history";
    private const int HistoryPageLimit = 100_000;

    public static void Map(IEndpointRouteBuilder app)
    {
        var services = app.ServiceProvider;
        var here = new RunEndpoints(services.GetRequiredService<Runs>(), services.GetRequiredService<TimeProvider>());
        app.MapApi("POST", "/api/v1/runs", here.Create);
        app.MapApi("POST", "/api/v1/runs/search", here.Search);
        app.MapApi("POST", "/api/v1/runs/lookup", here.Lookup);
        app.MapApi("POST", "/api/v1/runs/histories", here.Histories);
        app.MapApi("PUT", "/api/v1/runs/{id}", here.Ensure);
        app.MapApi("GET", "/api/v1/runs/{id}", here.Get);
        app.MapApi("PATCH", "/api/v1/runs/{id}", here.Change);
        app.MapApi("DELETE", "/api/v1/runs/{id}", here.Delete);
        app.MapApi("POST", "/api/v1/runs/{id}/restore", here.Restore);
        app.MapApi("POST", "/api/v1/runs/{id}/purge", here.Purge);
        app.MapApi("POST", "/api/v1/runs/{id}/log", here.Log);
        app.MapApi("POST", "/api/v1/runs/{id}/links", here.AddLinks);
        app.MapApi("DELETE", "/api/v1/runs/{id}/tags", here.DeleteTag);
        app.MapApi("GET", "/api/v1/runs/{id}/history", here.History);
    }

    private Task Create(ApiCall call) => EnsureAsync(call, Guid.NewGuid().ToString("N"));

    private Task Ensure(ApiCall call) => EnsureAsync(call, call.Route("id"));

    private async Task EnsureAsync(ApiCall call, string runId)
    {
        var request = await call.ReadAsync(TrackingJson.Default.RunCreate);
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
        var (run, created) = await runs.EnsureAsync(Caller(call), runId, asked, request.Experiment, call.Cancellation);
        await AnswerAsync(call, run, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private async Task Get(ApiCall call) =>
        await AnswerAsync(call, await runs.GetAsync(Caller(call), call.Route("id"), call.Cancellation));

    private async Task Search(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.RunQuery);
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
        await call.AnswerAsync(
            TrackingJson.Default.RunPage,
            Shapes.Page(Listing, page.Runs, run => Shapes.Of(fields.Of(run)), page.Total, page.NextOffset) with
            {
                Snapshot = PageToken.Offset(Snapshot, page.Snapshot),
            }
        );
    }

    private async Task Lookup(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.RunLookup);
        var found = await runs.GetManyAsync(Caller(call), request.Ids, call.Cancellation);
        await call.AnswerAsync(
            TrackingJson.Default.RunsFound,
            new Sdk.Tracking.RunsFound { Runs = [.. found.Runs.Select(Shapes.Of)], Missing = found.Missing }
        );
    }

    private async Task Change(ApiCall call)
    {
        var change = await call.ReadAsync(TrackingJson.Default.RunChange);
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
        await Get(call);
    }

    private async Task Log(ApiCall call)
    {
        var log = await call.ReadAsync(TrackingJson.Default.RunLog);
        await runs.LogAsync(Caller(call), call.Route("id"), Shapes.Batch(log, Now()), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task AddLinks(ApiCall call)
    {
        var links = await call.ReadAsync(TrackingJson.Default.RunLinks);
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
                call.Cancellation
            );
        call.AnswerNothing();
    }

    private async Task DeleteTag(ApiCall call)
    {
        await runs.DeleteTagAsync(Caller(call), call.Route("id"), call.RequiredQuery("key"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Delete(ApiCall call)
    {
        await runs.DeleteAsync(Caller(call), call.Route("id"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Restore(ApiCall call)
    {
        await runs.RestoreAsync(Caller(call), call.Route("id"), call.Cancellation);
        call.AnswerNothing();
    }

    private async Task Purge(ApiCall call)
    {
        await runs.PurgeAsync(Caller(call), call.Route("id"), call.Cancellation);
        call.AnswerNothing();
    }

    /// <summary>A page of a history as it was logged, in the order of time.</summary>
    private async Task History(ApiCall call)
    {
        var key = call.RequiredQuery("key");
        var offset = (int)PageToken.ReadOffset(call.Query("page_token"), HistoryListing);
        var limit = call.QueryWhole("page_size", HistoryPageLimit, least: 1, HistoryPageLimit);
        var id = call.Route("id");
        var history = await runs.HistoryAsync(Caller(call), id, key, offset, limit, call.Cancellation);
        await call.AnswerAsync(
            TrackingJson.Default.MetricSeries,
            Shapes.Series(id, key, history.Total, history.Points) with
            {
                NextPageToken = history.NextOffset is { } next ? PageToken.Offset(HistoryListing, next) : null,
            }
        );
    }

    /// <summary>Many histories, each thinned to what a chart can show.</summary>
    private async Task Histories(ApiCall call)
    {
        var request = await call.ReadAsync(TrackingJson.Default.HistoryQuery);
        var found = await runs.SeriesAsync(
            Caller(call),
            new SeriesQuery(request.RunIds, request.Keys, request.MaxPoints),
            call.Cancellation
        );
        await call.AnswerAsync(
            TrackingJson.Default.Histories,
            new Histories { Series = [.. found.Select(s => Shapes.Series(s.RunId, s.Key, s.Total, s.Points))] }
        );
    }

    private static Task AnswerAsync(ApiCall call, Run run, int status = StatusCodes.Status200OK) =>
        call.AnswerAsync(TrackingJson.Default.RunResource, Shapes.Of(run), status);

    private static Caller Caller(ApiCall call) => Identity.Caller.Of(call.Http.User);

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
