using System.Runtime.CompilerServices;

namespace Slipway.Sdk.Tracking;

/// <summary>The calls on logged models.</summary>
public sealed class LoggedModelsClient
{
    private const string Root = "api/v1/logged-models";

    private readonly Connection connection;

    internal LoggedModelsClient(Connection connection) => this.connection = connection;

    /// <summary>Names a model whose files are about to be written; <see cref="ChangeAsync"/> says when they are all there.</summary>
    public Task<LoggedModelResource> CreateAsync(LoggedModelCreate model, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, model, TrackingJson.Default.LoggedModelCreate).Once(),
            TrackingJson.Default.LoggedModelResource,
            cancellation
        );

    /// <summary>The model of this id, with all that was measured on it.</summary>
    public Task<LoggedModelResource> GetAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PathOf(id)), TrackingJson.Default.LoggedModelResource, cancellation);

    /// <summary>Says how far a model has come, and adds parameters and tags.</summary>
    public Task<LoggedModelResource> ChangeAsync(
        string id,
        LoggedModelChange change,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, PathOf(id), change, TrackingJson.Default.LoggedModelChange),
            TrackingJson.Default.LoggedModelResource,
            cancellation
        );

    /// <summary>Removes a tag.</summary>
    public Task DeleteTagAsync(string id, string key, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{PathOf(id)}/tags?key={Uri.EscapeDataString(key)}").Once(), cancellation);

    /// <summary>Moves a model into the bin, from which only emptying takes it.</summary>
    public Task DeleteAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(PathOf(id)), cancellation);

    /// <summary>All models that the query describes, fetched page by page.</summary>
    public async IAsyncEnumerable<LoggedModelResource> SearchAsync(
        LoggedModelQuery query,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        for (var token = query.PageToken; ; )
        {
            var page = await SearchPageAsync(query with { PageToken = token }, cancellation);
            foreach (var model in page.Items)
                yield return model;
            token = page.NextPageToken;
            if (token is null)
                yield break;
        }
    }

    /// <summary>One page of models.</summary>
    public Task<LoggedModelPage> SearchPageAsync(LoggedModelQuery query, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, $"{Root}/search", query, TrackingJson.Default.LoggedModelQuery),
            TrackingJson.Default.LoggedModelPage,
            cancellation
        );

    private static string PathOf(string id) => $"{Root}/{Uri.EscapeDataString(id)}";
}
