using System.ComponentModel;
using Slipway.Natives;
using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>The faults that both kinds of store speak of; whoever hides a blob says what they say of one that is not there.</summary>
public static class BlobFaults
{
    internal const string RangeCode = "blob.range";

    public static Fault NotFound(BlobPath path) => Fault.NotFound("blob.not_found", $"No such artifact: '{path}'");

    internal static Fault NoSuchRange() =>
        Fault.Invalid(RangeCode, "The range asks for bytes that the artifact does not have.");

    internal static Fault Damaged(BlobPath path) =>
        Fault.Internal(
            "blob.damaged",
            $"The stored content of '{path}' does not match its digest.",
            "Store it again, or restore it from a backup."
        );

    internal static Fault IsFolder(BlobPath path) =>
        Fault.Conflict("blob.is_folder", $"'{path}' is a folder; a file cannot take its name.");

    internal static Fault IsNotFolder(BlobPath path) =>
        Fault.Conflict("blob.is_file", $"'{path}' is a file; nothing can be stored beneath it.");

    internal static Fault IsLink(BlobPath path) =>
        Fault.Denied("blob.link", $"'{path}' is a link, or lies behind one; links are not followed.");

    internal static Fault NoAttributes(string folder) =>
        new(
            FaultKind.Invalid,
            "blob.no_attributes",
            $"The file system of {folder} keeps no extended attributes, where the digest of each artifact belongs.",
            "Use a folder on ext4, xfs, btrfs, zfs or NFS 4.2, or a bucket: --blobs s3://bucket/prefix"
        );

    internal static Fault Unreachable(string message) =>
        new(FaultKind.Unavailable, "blob.unreachable", message) { RetryAfter = TimeSpan.FromSeconds(5) };

    /// <summary>Runs calls on files and puts what fails into words.</summary>
    internal static T OnDisk<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Win32Exception e)
        {
            throw OnDisk(e.NativeErrorCode);
        }
    }

    /// <summary>What a failed call on a file means to whoever asked for the blob.</summary>
    internal static Fault OnDisk(int errno) =>
        errno switch
        {
            LinuxFiles.NoSpace or LinuxFiles.QuotaExceeded => new Fault(
                FaultKind.Unavailable,
                "blob.full",
                "The disk of the artifacts is full; reading goes on, writing needs space."
            )
            {
                RetryAfter = TimeSpan.FromSeconds(5),
            },
            LinuxFiles.ReadOnly => new Fault(
                FaultKind.Unavailable,
                "blob.read_only",
                "The disk of the artifacts is mounted read-only."
            ),
            _ => Unreachable($"The folder of the artifacts does not work: {new Win32Exception(errno).Message}."),
        };
}
