using System.Runtime.CompilerServices;
using Slipway.Sdk.Tracking.Artifacts;

namespace Slipway.Sdk.Tracking;

/// <summary>
/// The files of one run or logged model. Content is streamed, so a file may be larger than memory; what is stored and
/// what is fetched is compared by its SHA-256, and a transfer that breaks off goes on or is done again.
/// </summary>
/// <example>
/// <code>
/// var artifacts = client.ArtifactsOfRun(runId);
/// await artifacts.PutFolderAsync("model", "out/model");
/// await artifacts.GetFileAsync("model/weights.bin", "weights.bin");
/// </code>
/// </example>
public sealed class ArtifactsClient
{
    private readonly Connection connection;
    private readonly string root;

    internal ArtifactsClient(Connection connection, string owner)
    {
        this.connection = connection;
        root = $"{owner}/artifacts";
    }

    /// <summary>What lies directly in a folder; all the way up where none is named.</summary>
    public Task<ArtifactList> ListAsync(string? folder = null, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Get(string.IsNullOrEmpty(folder) ? root : $"{root}?path={Uri.EscapeDataString(folder)}"),
            TrackingJson.Default.ArtifactList,
            cancellation
        );

    /// <summary>Every file beneath a folder.</summary>
    public async IAsyncEnumerable<ArtifactResource> WalkAsync(
        string? folder = null,
        [EnumeratorCancellation] CancellationToken cancellation = default
    )
    {
        var folders = new Stack<string?>([folder]);
        while (folders.TryPop(out var next))
        {
            var list = await ListAsync(next, cancellation);
            foreach (var item in list.Items.Where(item => !item.IsFolder))
                yield return item;
            foreach (var item in list.Items.Where(item => item.IsFolder).Reverse())
                folders.Push(item.Path);
        }
    }

    /// <summary>
    /// Stores what the stream holds, in place of what was there. It is sent once: a stream that cannot be read again cannot
    /// be sent again either.
    /// </summary>
    public async Task<ArtifactResource> PutAsync(
        string path,
        Stream content,
        IProgress<ArtifactProgress>? progress = null,
        CancellationToken cancellation = default
    ) => await new ArtifactUpload(connection, UrlOf(path), path, progress).SendAsync(content, cancellation);

    /// <summary>Stores a file, in place of what was there.</summary>
    public Task<ArtifactResource> PutFileAsync(
        string path,
        string file,
        IProgress<ArtifactProgress>? progress = null,
        CancellationToken cancellation = default
    ) =>
        connection.RepeatAsync(
            async () =>
            {
                await using var content = File.OpenRead(file);
                return await PutAsync(path, content, progress, cancellation);
            },
            cancellation
        );

    /// <summary>Stores every file of a local folder beneath a folder, or all the way up where none is named.</summary>
    public async Task<IReadOnlyList<ArtifactResource>> PutFolderAsync(
        string? path,
        string folder,
        IProgress<ArtifactProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var stored = new List<ArtifactResource>();
        foreach (
            var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        )
        {
            var relative = Path.GetRelativePath(folder, file).Replace(Path.DirectorySeparatorChar, '/');
            var name = string.IsNullOrEmpty(path) ? relative : $"{path.TrimEnd('/')}/{relative}";
            stored.Add(await PutFileAsync(name, file, progress, cancellation));
        }
        return stored;
    }

    /// <summary>Fetches a file into a stream, which has everything once this returns, and may have a part where it faults.</summary>
    public Task GetAsync(
        string path,
        Stream target,
        IProgress<ArtifactProgress>? progress = null,
        CancellationToken cancellation = default
    ) => new ArtifactFetch(connection, UrlOf(path), path, progress).ReadAsync(target, cancellation);

    /// <summary>Fetches a file to a local one, which is there once it is whole.</summary>
    public async Task GetFileAsync(
        string path,
        string file,
        IProgress<ArtifactProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var unfinished = $"{file}.{Guid.NewGuid():n}.part";
        try
        {
            await using (var target = File.Create(unfinished))
                await GetAsync(path, target, progress, cancellation);
            File.Move(unfinished, file, overwrite: true);
        }
        finally
        {
            File.Delete(unfinished);
        }
    }

    /// <summary>
    /// Fetches every file beneath a folder, or all there is, into a local folder; the answer is what was fetched.
    /// </summary>
    public async Task<IReadOnlyList<ArtifactResource>> GetFolderAsync(
        string? path,
        string folder,
        IProgress<ArtifactProgress>? progress = null,
        CancellationToken cancellation = default
    )
    {
        var fetched = new List<ArtifactResource>();
        await foreach (var item in WalkAsync(path, cancellation))
        {
            var file = LocalFile(
                folder,
                string.IsNullOrEmpty(path) ? item.Path : item.Path[(path.TrimEnd('/').Length + 1)..]
            );
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await GetFileAsync(item.Path, file, progress, cancellation);
            fetched.Add(item);
        }
        return fetched;
    }

    /// <summary>Removes a file, or a folder with all that it holds; what is not there is as good as removed.</summary>
    public Task DeleteAsync(string path, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(UrlOf(path)), cancellation);

    /// <summary>A server is not trusted with the choice of a file outside of the folder.</summary>
    private static string LocalFile(string folder, string path)
    {
        var inside = Path.GetFullPath(folder).TrimEnd(Path.DirectorySeparatorChar) + Path.DirectorySeparatorChar;
        var file = Path.GetFullPath(Path.Combine(inside, path.Replace('/', Path.DirectorySeparatorChar)));
        return file.StartsWith(inside, StringComparison.Ordinal)
            ? file
            : throw Fault.Internal("artifact.outside", $"The server names a file outside of the folder: '{path}'.");
    }

    private string UrlOf(string path) => $"{root}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}";
}
