using System.Formats.Tar;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text.Json;
using Slipway.Sdk;

namespace Slipway.Foundation.Backup;

/// <summary>A backup as it lies there, in a folder or in one file.</summary>
internal sealed class BackupSource(string path)
{
    /// <summary>
    /// Goes through all parts, hands each to the visitor, and then refuses the backup unless the parts, taken together,
    /// are those that its manifest names, byte by byte.
    /// </summary>
    public async Task<(BackupManifest Manifest, string Digest)> ReadAsync(
        Func<string, Stream, Task> visit,
        IProgress<long>? progress,
        CancellationToken cancellation
    )
    {
        var found = new Dictionary<string, BackupPart>();
        byte[]? manifest = null;
        byte[]? index = null;
        var passed = 0L;
        await foreach (var (name, content) in PartsAsync(cancellation))
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            await using var hashed = new HashingStream(content, hash);
            switch (name)
            {
                case BackupManifest.FileName:
                    manifest = await ReadWholeAsync(hashed, cancellation);
                    break;
                case BackupManifest.BlobIndex:
                    index = await ReadWholeAsync(hashed, cancellation);
                    break;
                default:
                    await visit(name, hashed);
                    await PassAsync(hashed, cancellation);
                    break;
            }
            var part = new BackupPart(name, hashed.Count, Convert.ToHexStringLower(hash.GetHashAndReset()));
            if (!found.TryAdd(name, part))
                throw BackupFaults.Changed(name, "is there twice");
            progress?.Report(passed += part.SizeBytes);
        }
        if (manifest is null || !found.Remove(BackupManifest.FileName, out var itself))
            throw BackupFaults.Incomplete();
        var read = BackupManifest.Read(manifest);
        foreach (var part in read.Parts.Concat(BlobsOf(index)))
            Compare(part, found);
        if (found.Count > 0)
            throw BackupFaults.Changed(found.Keys.First(), "does not belong to it");
        return (read, itself.Sha256);
    }

    /// <summary>How many bytes there are to go through, for a progress bar.</summary>
    public long SizeBytes() =>
        File.Exists(path) ? new FileInfo(path).Length
        : !Directory.Exists(path) ? 0
        : new DirectoryInfo(path).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);

    private static void Compare(BackupPart expected, Dictionary<string, BackupPart> found)
    {
        if (!found.Remove(expected.Name, out var part))
            throw BackupFaults.Changed(expected.Name, "is missing");
        if (part != expected)
            throw BackupFaults.Changed(expected.Name, "was changed or cut off");
    }

    private static IEnumerable<BackupPart> BlobsOf(byte[]? index)
    {
        if (index is null)
            yield break; // then the manifest misses it, and says so
        using var lines = new StreamReader(new MemoryStream(index));
        while (lines.ReadLine() is { } line)
            yield return JsonSerializer.Deserialize<BackupPart>(line) ?? throw BackupFaults.Foreign();
    }

    private static async Task<byte[]> ReadWholeAsync(Stream content, CancellationToken cancellation)
    {
        using var whole = new MemoryStream();
        await content.CopyToAsync(whole, cancellation);
        return whole.ToArray();
    }

    /// <summary>Reads the rest, so that the digest is that of all of it.</summary>
    private static async Task PassAsync(Stream content, CancellationToken cancellation)
    {
        try
        {
            await content.CopyToAsync(Stream.Null, cancellation);
        }
        catch (EndOfStreamException)
        {
            throw BackupFaults.Incomplete();
        }
    }

    private IAsyncEnumerable<(string Name, Stream Content)> PartsAsync(CancellationToken cancellation) =>
        File.Exists(path) ? FromFileAsync(cancellation)
        : Directory.Exists(path) ? FromFolderAsync(cancellation)
        : throw Fault.NotFound("backup.not_found", $"There is no backup at {path}.");

    private async IAsyncEnumerable<(string Name, Stream Content)> FromFolderAsync(
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        foreach (var file in Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories))
        {
            cancellation.ThrowIfCancellationRequested();
            await using var content = File.OpenRead(file);
            yield return (Path.GetRelativePath(path, file).Replace('\\', '/'), content);
        }
    }

    private async IAsyncEnumerable<(string Name, Stream Content)> FromFileAsync(
        [EnumeratorCancellation] CancellationToken cancellation
    )
    {
        await using var file = File.OpenRead(path);
        await using var reader = new TarReader(file);
        while (await NextAsync(reader, cancellation) is { } entry)
        {
            if (entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
                throw BackupFaults.Changed(entry.Name, "is no file");
            yield return (entry.Name, entry.DataStream ?? Stream.Null);
        }
    }

    private static async Task<TarEntry?> NextAsync(TarReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.GetNextEntryAsync(copyData: false, cancellation);
        }
        catch (Exception e) when (e is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw BackupFaults.Incomplete();
        }
    }
}
