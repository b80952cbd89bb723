using System.Globalization;
using System.Runtime.CompilerServices;

namespace Slipway.Sdk.Registry;

/// <summary>The calls on registered models, their versions and aliases.</summary>
/// <example>
/// <code>
/// var version = await client.Models.RegisterAsync("fares", $"runs:/{run.Id}/model");
/// await client.Models.SetAliasAsync("fares", "champion", version.Version);
/// var live = await client.Models.GetByAliasAsync("fares", "champion");
/// await client.ArtifactsOfVersion("fares", live.Version).GetFolderAsync(null, "model");
/// </code>
/// </example>
public sealed class ModelsClient
{
    private const string Root = "api/v1/models";

    private readonly Connection connection;

    internal ModelsClient(Connection connection) => this.connection = connection;

    /// <summary>Registers a name; a version of it is made by <see cref="AddVersionAsync"/>.</summary>
    public Task<ModelResource> CreateAsync(ModelCreate model, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, model, RegistryJson.Default.ModelCreate).Once(),
            RegistryJson.Default.ModelResource,
            cancellation
        );

    /// <summary>Makes the next version of the model from a source such as <c>runs:/ID/model</c>, and registers the name first where nobody has.</summary>
    public async Task<VersionResource> RegisterAsync(
        string name,
        string source,
        string runId = "",
        CancellationToken cancellation = default
    )
    {
        try
        {
            await CreateAsync(new ModelCreate { Name = name }, cancellation);
        }
        catch (Fault fault) when (fault.Code == "registry.model_exists")
        {
            // Its next version is what was asked for.
        }
        return await AddVersionAsync(name, new VersionCreate { Source = source, RunId = runId }, cancellation);
    }

    /// <summary>The model with its aliases and the newest version of each stage.</summary>
    public Task<ModelResource> GetAsync(string name, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PathOf(name)), RegistryJson.Default.ModelResource, cancellation);

    /// <summary>Renames, describes or tags a model.</summary>
    public Task<ModelResource> ChangeAsync(string name, ModelChange change, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, PathOf(name), change, RegistryJson.Default.ModelChange).Once(),
            RegistryJson.Default.ModelResource,
            cancellation
        );

    /// <summary>Removes the model with all of its versions for good.</summary>
    public Task DeleteAsync(string name, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(PathOf(name)).Once(), cancellation);

    /// <summary>Removes a tag of a model.</summary>
    public Task DeleteTagAsync(string name, string key, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{PathOf(name)}/tags?key={Escaped(key)}"), cancellation);

    /// <summary>All models that meet the condition, by name, fetched page by page.</summary>
    public async IAsyncEnumerable<ModelResource> ListAsync(
        string? filter = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        for (string? token = null; ; )
        {
            var page = await ListPageAsync(filter, orderBy: [], pageSize: 1000, token, cancellation);
            foreach (var model in page.Items)
                yield return model;
            token = page.NextPageToken;
            if (token is null)
                yield break;
        }
    }

    /// <summary>One page of models.</summary>
    public Task<ModelPage> ListPageAsync(
        string? filter,
        IReadOnlyList<string> orderBy,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get($"{Root}?{Question(filter, orderBy, pageSize, pageToken)}"),
            RegistryJson.Default.ModelPage,
            cancellation
        );

    /// <summary>Makes the next version of a model.</summary>
    public Task<VersionResource> AddVersionAsync(
        string name,
        VersionCreate version,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, $"{PathOf(name)}/versions", version, RegistryJson.Default.VersionCreate).Once(),
            RegistryJson.Default.VersionResource,
            cancellation
        );

    /// <summary>One page of a model's versions, those changed last in front; of all models where none is named.</summary>
    public Task<VersionPage> VersionsPageAsync(
        string? name,
        string? filter,
        IReadOnlyList<string> orderBy,
        int pageSize,
        string? pageToken,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get(
                $"{(name is null ? "api/v1/model-versions" : $"{PathOf(name)}/versions")}?{Question(filter, orderBy, pageSize, pageToken)}"
            ),
            RegistryJson.Default.VersionPage,
            cancellation
        );

    /// <summary>One version, with the aliases that mean it.</summary>
    public Task<VersionResource> GetVersionAsync(string name, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PathOf(name, version)), RegistryJson.Default.VersionResource, cancellation);

    /// <summary>Describes or tags a version, or moves it into another stage.</summary>
    public Task<VersionResource> ChangeVersionAsync(
        string name,
        int version,
        VersionChange change,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, PathOf(name, version), change, RegistryJson.Default.VersionChange),
            RegistryJson.Default.VersionResource,
            cancellation
        );

    /// <summary>Deletes a version and the aliases that mean it.</summary>
    public Task DeleteVersionAsync(string name, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(PathOf(name, version)).Once(), cancellation);

    /// <summary>Removes a tag of a version.</summary>
    public Task DeleteVersionTagAsync(string name, int version, string key, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{PathOf(name, version)}/tags?key={Escaped(key)}"), cancellation);

    /// <summary>The files of a version by their digests.</summary>
    public Task<VersionDigests> DigestsAsync(string name, int version, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Get($"{PathOf(name, version)}/digests"),
            RegistryJson.Default.VersionDigests,
            cancellation
        );

    /// <summary>Where a version comes from.</summary>
    public Task<VersionOriginResource> OriginAsync(
        string name,
        int version,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get($"{PathOf(name, version)}/origin"),
            RegistryJson.Default.VersionOriginResource,
            cancellation
        );

    /// <summary>The version that an alias means.</summary>
    public Task<VersionResource> GetByAliasAsync(string name, string alias, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(AliasPath(name, alias)), RegistryJson.Default.VersionResource, cancellation);

    /// <summary>
    /// Makes an alias mean a version. With an expectation (0 for none) it stays where it means another by now than the caller
    /// saw.
    /// </summary>
    public Task<VersionResource> SetAliasAsync(
        string name,
        string alias,
        int version,
        int? expectedVersion = null,
        CancellationToken cancellation = default
    )
    {
        var put = new AliasPut { Version = version, ExpectedVersion = expectedVersion };
        var call = Call.With(HttpMethod.Put, AliasPath(name, alias), put, RegistryJson.Default.AliasPut);
        return connection.SendAsync(
            expectedVersion is null ? call : call.Once(),
            RegistryJson.Default.VersionResource,
            cancellation
        );
    }

    /// <summary>Makes an alias mean what it meant before its last move.</summary>
    public Task<VersionResource> RollBackAliasAsync(
        string name,
        string alias,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Post($"{AliasPath(name, alias)}/rollback").Once(),
            RegistryJson.Default.VersionResource,
            cancellation
        );

    /// <summary>Deletes an alias; one that is not there stays so.</summary>
    public Task DeleteAliasAsync(string name, string alias, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(AliasPath(name, alias)), cancellation);

    /// <summary>What became of an alias, or of all aliases and stages of the model, the last in front.</summary>
    public Task<IReadOnlyList<MoveResource>> HistoryAsync(
        string name,
        string? alias = null,
        int limit = 100,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get($"{PathOf(name)}/history?limit={Text(limit)}{(alias is null ? "" : $"&alias={Escaped(alias)}")}"),
            RegistryJson.Default.Moves,
            cancellation
        );

    internal static string PathOf(string name, int version) => $"{PathOf(name)}/versions/{Text(version)}";

    private static string PathOf(string name) => $"{Root}/{Escaped(name)}";

    private static string AliasPath(string name, string alias) => $"{PathOf(name)}/aliases/{Escaped(alias)}";

    private static string Question(string? filter, IReadOnlyList<string> orderBy, int pageSize, string? pageToken)
    {
        var question = $"page_size={Text(pageSize)}";
        if (filter is not null)
            question += $"&filter={Escaped(filter)}";
        foreach (var item in orderBy)
            question += $"&order_by={Escaped(item)}";
        return pageToken is null ? question : $"{question}&page_token={Escaped(pageToken)}";
    }

    private static string Escaped(string text) => Uri.EscapeDataString(text);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
