using System.Runtime.CompilerServices;

namespace Slipway.Sdk.Tracking;

/// <summary>
/// The calls on runs, each one request. A training logs through <see cref="SlipwayClient.StartRunAsync"/> instead, which
/// batches, repeats and spools.
/// </summary>
public sealed class RunsClient
{
    private const string Root = "api/v1/runs";
    private const int LookupLimit = 1000;

    private static readonly TimeSpan ReconnectAfter = TimeSpan.FromMilliseconds(200);

    private readonly Connection connection;

    internal RunsClient(Connection connection) => this.connection = connection;

    /// <summary>An id for a new run: 32 hexadecimal digits at random.</summary>
    public static string NewId() => Guid.NewGuid().ToString("N");

    /// <summary>The run of this id, made where there is none: asking again changes nothing.</summary>
    public Task<RunResource> EnsureAsync(string id, RunCreate run, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Put, PathOf(id), run, TrackingJson.Default.RunCreate),
            TrackingJson.Default.RunResource,
            cancellation
        );

    /// <summary>The run of this id.</summary>
    public Task<RunResource> GetAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PathOf(id)), TrackingJson.Default.RunResource, cancellation);

    /// <summary>The runs of these ids, in their order, and the ids that led nowhere.</summary>
    public async Task<RunsFound> GetManyAsync(IReadOnlyList<string> ids, CancellationToken cancellation = default)
    {
        var runs = new List<RunResource>(ids.Count);
        var missing = new List<string>();
        foreach (var some in ids.Chunk(LookupLimit))
        {
            var lookup = new RunLookup { Ids = some };
            var found = await connection.SendAsync(
                Call.With(HttpMethod.Post, $"{Root}/lookup", lookup, TrackingJson.Default.RunLookup),
                TrackingJson.Default.RunsFound,
                cancellation
            );
            runs.AddRange(found.Runs);
            missing.AddRange(found.Missing);
        }
        return new RunsFound { Runs = runs, Missing = missing };
    }

    /// <summary>All runs that the query describes, fetched page by page.</summary>
    public async IAsyncEnumerable<RunResource> SearchAsync(
        RunQuery query,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        for (var token = query.PageToken; ; )
        {
            var page = await SearchPageAsync(query with { PageToken = token }, cancellation);
            foreach (var run in page.Items)
                yield return run;
            token = page.NextPageToken;
            if (token is null)
                yield break;
        }
    }

    /// <summary>One page of runs, with their total number.</summary>
    public Task<Page<RunResource>> SearchPageAsync(RunQuery query, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, $"{Root}/search", query, TrackingJson.Default.RunQuery),
            TrackingJson.Default.RunPage,
            cancellation
        );

    /// <summary>
    /// Logs values, parameters and tags to a run, all or nothing. It is sent again when the answer is lost, so give
    /// metrics their times: then what was stored already is not stored twice.
    /// </summary>
    public Task LogAsync(string id, RunLog log, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, $"{PathOf(id)}/log", log, TrackingJson.Default.RunLog),
            cancellation
        );

    /// <summary>Says what a run read and made.</summary>
    public Task LinkAsync(string id, RunLinks links, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, $"{PathOf(id)}/links", links, TrackingJson.Default.RunLinks),
            cancellation
        );

    /// <summary>Changes a run's status, end, name or experiment.</summary>
    public Task<RunResource> ChangeAsync(string id, RunChange change, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, PathOf(id), change, TrackingJson.Default.RunChange),
            TrackingJson.Default.RunResource,
            cancellation
        );

    /// <summary>Removes a tag.</summary>
    public Task DeleteTagAsync(string id, string key, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{PathOf(id)}/tags?key={Uri.EscapeDataString(key)}").Once(), cancellation);

    /// <summary>Moves a run into the bin.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(PathOf(id)), cancellation);

    /// <summary>Takes a run out of the bin.</summary>
    public Task RestoreAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Post($"{PathOf(id)}/restore"), cancellation);

    /// <summary>Removes a run in the bin for good.</summary>
    public Task PurgeAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Post($"{PathOf(id)}/purge").Once(), cancellation);

    /// <summary>The whole history of a metric, in the order of time, fetched page by page.</summary>
    public async IAsyncEnumerable<MetricPoint> HistoryAsync(
        string id,
        string key,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var first = $"{PathOf(id)}/history?key={Uri.EscapeDataString(key)}";
        string? token = null;
        do
        {
            var path = token is null ? first : $"{first}&page_token={Uri.EscapeDataString(token)}";
            var page = await connection.SendAsync(Call.Get(path), TrackingJson.Default.MetricSeries, cancellation);
            foreach (var point in page.Points)
                yield return point;
            token = page.NextPageToken;
        } while (token is not null);
    }

    /// <summary>Histories of many runs and metrics, each with no more points than a chart can show.</summary>
    public async Task<IReadOnlyList<MetricSeries>> HistoriesAsync(
        HistoryQuery query,
        CancellationToken cancellation = default
    )
    {
        var histories = await connection.SendAsync(
            Call.With(HttpMethod.Post, $"{Root}/histories", query, TrackingJson.Default.HistoryQuery),
            TrackingJson.Default.Histories,
            cancellation
        );
        return histories.Series;
    }

    /// <summary>
    /// Follows a run while it works: first as it is, then what it logs, within a second. It goes on when the connection
    /// breaks, beginning anew, and ends when it is cancelled or the run may not be read any longer.
    /// </summary>
    public async IAsyncEnumerable<RunUpdate> FollowAsync(
        string id,
        IReadOnlyList<string>? keys = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var query = string.Concat((keys ?? []).Select(key => $"&key={Uri.EscapeDataString(key)}"));
        var call = Call.Get($"{PathOf(id)}/live?max_points=1000{query}");
        while (true)
        {
            await foreach (var update in connection.StreamAsync(call, TrackingJson.Default.RunUpdate, cancellation))
                yield return update;
            await Task.Delay(ReconnectAfter, connection.Clock, cancellation);
        }
    }

    internal static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
