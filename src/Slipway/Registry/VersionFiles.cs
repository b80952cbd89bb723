using System.Security.Cryptography;
using System.Text;

namespace Slipway.Registry;

/// <summary>How far the files of a version are known.</summary>
public enum FilesState
{
    /// <summary>They lie at a place that this server does not open.</summary>
    Elsewhere,

    /// <summary>Their place is here, and nothing lay there when the version was registered.</summary>
    Missing,

    /// <summary>There are many of them; a job is at it.</summary>
    Pending,

    /// <summary>Each is known with its digest, and is read back as it was or not at all.</summary>
    Noted,
}

/// <summary>A file of a version: its path under the model, and the digest of its content as hexadecimal letters.</summary>
public sealed record VersionFile(string Path, long SizeBytes, string Sha256);

/// <summary>The files of a version in the order of their paths, and one digest of all of them.</summary>
public sealed record VersionFiles(FilesState State, string? Digest, IReadOnlyList<VersionFile> Files)
{
    public long SizeBytes => Files.Sum(file => file.SizeBytes);

    /// <summary>
    /// The digest of the list that sha256sum prints of them, sorted by path: <c>digest, two spaces, path</c>, a line each.
    /// </summary>
    internal static string DigestOf(IEnumerable<VersionFile> files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var file in files)
            hash.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256}  {file.Path}\n"));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    internal static VersionFiles Noted(IEnumerable<VersionFile> files)
    {
        var sorted = files.OrderBy(file => file.Path, StringComparer.Ordinal).ToList();
        return sorted.Count == 0
            ? new VersionFiles(FilesState.Missing, null, [])
            : new VersionFiles(FilesState.Noted, DigestOf(sorted), sorted);
    }
}
