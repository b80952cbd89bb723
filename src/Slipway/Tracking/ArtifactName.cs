using Slipway.Foundation.Blobs;

namespace Slipway.Tracking;

/// <summary>
/// What a caller calls an artifact, or a folder of them: by its place in the server's store, or by a path under what a
/// run or a logged model keeps. An empty path is the folder itself.
/// </summary>
public abstract record ArtifactName(BlobPath Path)
{
    /// <summary>A place such as <c>1/run/artifacts/model.pkl</c>: the experiment first.</summary>
    public sealed record At(BlobPath Path) : ArtifactName(Path);

    public sealed record OfRun(string RunId, BlobPath Path) : ArtifactName(Path);

    public sealed record OfModel(string ModelId, BlobPath Path) : ArtifactName(Path);
}

/// <summary>
/// What lies in a folder. Paths are places in the store; <see cref="Root"/> is the place to which the run's or model's
/// own paths are relative, and <see cref="RootUri"/> its address as clients know it.
/// </summary>
public sealed record ArtifactListing(string RootUri, BlobPath Root, IReadOnlyList<BlobEntry> Entries)
{
    /// <summary>The entry's path as the run or model names it.</summary>
    public string RelativePath(BlobEntry entry) =>
        Root.IsRoot ? entry.Path.Value : entry.Path.Value[(Root.Value.Length + 1)..];
}
