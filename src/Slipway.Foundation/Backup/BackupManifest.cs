using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Foundation.Backup;

/// <summary>A file of a backup with what proves that it is as it was written.</summary>
internal sealed record BackupPart(string Name, long SizeBytes, string Sha256);

/// <summary>
/// What a backup holds. It is written last, so a backup that was interrupted has none; it names the digest of every part,
/// and the index of blobs, itself a part, names that of every blob.
/// </summary>
internal sealed record BackupManifest
{
    public const string FileName = "manifest.json";
    public const string BlobIndex = "blobs.index";
    public const string StoreFolder = "store/";
    public const string BlobFolder = "blobs/";
    public const string AnchorFile = "audit-anchors.txt";

    private const int CurrentFormat = 1;

    private static readonly JsonSerializerOptions Json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        WriteIndented = true,
    };

    public int Format { get; init; } = CurrentFormat;

    public required string Version { get; init; }

    /// <summary>Everything acknowledged before this moment is in the backup.</summary>
    public required long TakenMs { get; init; }

    /// <summary>"sqlite" or "postgres".</summary>
    public required string Database { get; init; }

    public required IReadOnlyList<AppliedMigration> Migrations { get; init; }

    /// <summary>The newest link of the record of events; null before the first event.</summary>
    public string? Anchor { get; init; }

    public required IReadOnlyList<BackupPart> Parts { get; init; }

    public required long BlobCount { get; init; }

    public required long BlobBytes { get; init; }

    /// <summary>Blobs that were damaged where they were stored, and so are not in the backup.</summary>
    public IReadOnlyList<string> Damaged { get; init; } = [];

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    public static BackupManifest Read(byte[] json)
    {
        try
        {
            var manifest = JsonSerializer.Deserialize<BackupManifest>(json, Json);
            return manifest is { Format: CurrentFormat } ? manifest : throw BackupFaults.Foreign();
        }
        catch (JsonException)
        {
            throw BackupFaults.Foreign();
        }
    }
}

internal static class BackupFaults
{
    public static Fault Foreign() =>
        Fault.Invalid("backup.foreign", "This is no backup that this version of Slipway can read.");

    public static Fault Incomplete() =>
        Fault.Invalid("backup.incomplete", "The backup has no manifest: it was interrupted, or its end is cut off.");

    public static Fault Changed(string part, string how) =>
        Fault.Invalid(
            "backup.changed",
            $"The backup is not as it was written: {part} {how}.",
            hint: "Nothing was restored. Use another backup."
        );
}
