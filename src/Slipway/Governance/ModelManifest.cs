using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Governance;

/// <summary>A file of a model by what is in it.</summary>
public sealed record FileDigest(string Path, long SizeBytes, string Sha256);

/// <summary>
/// The files of a model, in the order of their names by code point, which is that of their bytes in UTF-8. One digest
/// stands for all of them: a byte changed, a file added, removed, renamed or exchanged makes it another.
/// </summary>
public sealed record ModelManifest
{
    private ModelManifest(IReadOnlyList<FileDigest> files) => Files = files;

    public IReadOnlyList<FileDigest> Files { get; }

    /// <summary>SHA-256 over names and digests: unlike a signature's root digest it covers the names as well.</summary>
    public string Digest
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var file in Files)
                hash.AppendData(Encoding.UTF8.GetBytes($"{file.Sha256}  {file.Path}\n"));
            return Convert.ToHexStringLower(hash.GetHashAndReset());
        }
    }

    public static ModelManifest Of(IEnumerable<FileDigest> files)
    {
        var ordered = files.OrderBy(file => file.Path, ByCodePoint).ToList();
        for (var i = 1; i < ordered.Count; i++)
        {
            if (ordered[i].Path == ordered[i - 1].Path)
                throw Fault.Invalid("model.file_twice", $"The file '{ordered[i].Path}' is there twice.");
        }
        return new ModelManifest(ordered);
    }

    internal static IComparer<string> ByCodePoint { get; } =
        Comparer<string>.Create(
            (a, b) => Encoding.UTF8.GetBytes(a).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(b))
        );
}
