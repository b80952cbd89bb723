using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using Slipway.Natives;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// What the folder store keeps about a file beside its content, in an extended attribute: the SHA-256 of the content,
/// and enough of the SHA-256 of its path that two files which changed places are found out. Being part of the file it
/// appears and disappears with the content in the one rename that publishes both.
/// </summary>
internal sealed record FolderSeal(string Sha256, string Place)
{
    private const string Attribute = "user.slipway.seal";
    private const int DigestBytes = 32;
    private const int PlaceBytes = 16;

    public static FolderSeal Of(BlobPath path, string sha256) => new(sha256, PlaceOf(path));

    public bool IsFor(BlobPath path) => Place == PlaceOf(path);

    /// <summary>Null where the file has no seal, or not one of ours.</summary>
    public static FolderSeal? Read(SafeFileHandle file)
    {
        Span<byte> value = stackalloc byte[DigestBytes + PlaceBytes];
        return LinuxFiles.GetAttribute(file, Attribute, value) == value.Length
            ? new FolderSeal(
                Convert.ToHexStringLower(value[..DigestBytes]),
                Convert.ToHexStringLower(value[DigestBytes..])
            )
            : null;
    }

    public void Write(SafeFileHandle file) =>
        LinuxFiles.SetAttribute(file, Attribute, Convert.FromHexString(Sha256 + Place));

    private static string PlaceOf(BlobPath path) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(path.Value)).AsSpan(0, PlaceBytes));
}
