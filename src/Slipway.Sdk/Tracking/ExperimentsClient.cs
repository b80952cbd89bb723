using System.Runtime.CompilerServices;

namespace Slipway.Sdk.Tracking;

/// <summary>The calls on experiments.</summary>
public sealed class ExperimentsClient
{
    private const string Root = "api/v1/experiments";

    private readonly Connection connection;

    internal ExperimentsClient(Connection connection) => this.connection = connection;

    /// <summary>Makes an experiment; a taken name is a conflict.</summary>
    public Task<ExperimentResource> CreateAsync(
        ExperimentCreate experiment,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, experiment, TrackingJson.Default.ExperimentCreate).Once(),
            TrackingJson.Default.ExperimentResource,
            cancellation
        );

    /// <summary>The experiment of this name, made where there is none.</summary>
    public async Task<ExperimentResource> EnsureAsync(string name, CancellationToken cancellation = default)
    {
        if (await FindAsync(name, cancellation) is { } there)
            return there;
        try
        {
            return await CreateAsync(new ExperimentCreate { Name = name }, cancellation);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Conflict)
        {
            if (await FindAsync(name, cancellation) is { } meanwhile)
                return meanwhile;
            throw;
        }
    }

    /// <summary>The experiment of this id.</summary>
    public Task<ExperimentResource> GetAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PathOf(id)), TrackingJson.Default.ExperimentResource, cancellation);

    /// <summary>The experiment of this name, one in the bin too; null where there is none.</summary>
    public async Task<ExperimentResource?> FindAsync(string name, CancellationToken cancellation = default)
    {
        try
        {
            return await connection.SendAsync(
                Call.Get($"{Root}/by-name?name={Uri.EscapeDataString(name)}"),
                TrackingJson.Default.ExperimentResource,
                cancellation
            );
        }
        catch (Fault fault) when (fault.Kind is FaultKind.NotFound)
        {
            return null;
        }
    }

    /// <summary>All experiments that the query describes, fetched page by page.</summary>
    public async IAsyncEnumerable<ExperimentResource> ListAsync(
        ExperimentQuery? query = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        string? token = null;
        do
        {
            var page = await ListPageAsync(query, token, cancellation);
            foreach (var experiment in page.Items)
                yield return experiment;
            token = page.NextPageToken;
        } while (token is not null);
    }

    /// <summary>One page of experiments, with their total number.</summary>
    public Task<Page<ExperimentResource>> ListPageAsync(
        ExperimentQuery? query = null,
        string? pageToken = null,
        CancellationToken cancellation = default
    )
    {
        query ??= new ExperimentQuery();
        var path = new System.Text.StringBuilder(Root)
            .Append("?page_size=")
            .Append(query.PageSize)
            .Append("&view=")
            .Append(query.View.ToString().ToLowerInvariant());
        if (query.Filter is not null)
            path.Append("&filter=").Append(Uri.EscapeDataString(query.Filter));
        foreach (var field in query.OrderBy)
            path.Append("&order_by=").Append(Uri.EscapeDataString(field));
        if (pageToken is not null)
            path.Append("&page_token=").Append(Uri.EscapeDataString(pageToken));
        return connection.SendAsync(Call.Get(path.ToString()), TrackingJson.Default.ExperimentPage, cancellation);
    }

    /// <summary>Renames an experiment or changes its tags.</summary>
    public Task<ExperimentResource> ChangeAsync(
        string id,
        ExperimentChange change,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, PathOf(id), change, TrackingJson.Default.ExperimentChange),
            TrackingJson.Default.ExperimentResource,
            cancellation
        );

    /// <summary>How many runs the experiment has.</summary>
    public Task<ExperimentCounts> CountsAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get($"{PathOf(id)}/counts"), TrackingJson.Default.ExperimentCounts, cancellation);

    /// <summary>Moves the experiment and its runs into the bin.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(PathOf(id)), cancellation);

    /// <summary>Takes the experiment and its runs out of the bin.</summary>
    public Task RestoreAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Post($"{PathOf(id)}/restore"), cancellation);

    /// <summary>Removes an experiment in the bin, with its runs, for good.</summary>
    public Task<PurgeResult> PurgeAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Post($"{PathOf(id)}/purge").Once(), TrackingJson.Default.PurgeResult, cancellation);

    /// <summary>Removes for good what has been in the bin for long, experiments and runs.</summary>
    public Task<PurgeResult> EmptyBinAsync(PurgeRequest request, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, "api/v1/bin/empty", request, TrackingJson.Default.PurgeRequest),
            TrackingJson.Default.PurgeResult,
            cancellation
        );

    /// <summary>
    /// Removes files of experiments, runs and logged models that are no more, untouched since the time. A dry run counts
    /// those along that are in the bin.
    /// </summary>
    public Task<LeftoversResult> ClearLeftoversAsync(PurgeRequest request, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, "api/v1/leftovers/clear", request, TrackingJson.Default.PurgeRequest),
            TrackingJson.Default.LeftoversResult,
            cancellation
        );

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
