using System.Formats.Tar;
using System.Security.Cryptography;
using Slipway.Foundation.Basics;
using Slipway.Sdk;

namespace Slipway.Foundation.Backup;

/// <summary>Where a backup goes: a folder, or one file. It appears whole under its name or not at all.</summary>
internal abstract class BackupTarget : IAsyncDisposable
{
    private const int BufferBytes = 1 << 20;

    /// <summary>A folder beside the target for what is written before it is added.</summary>
    public required string Workroom { get; init; }

    /// <summary>A name that ends in .tar is one file, any other a folder.</summary>
    public static BackupTarget Create(string path)
    {
        var full = Path.GetFullPath(path);
        if (File.Exists(full) || (Directory.Exists(full) && Directory.EnumerateFileSystemEntries(full).Any()))
            throw Fault.Conflict("backup.exists", $"{full} exists already.", "Name a new file or folder.");
        var workroom = full + ".part";
        if (Directory.Exists(workroom))
            Directory.Delete(workroom, recursive: true);
        ServerFolder.CreatePrivately(workroom);
        return full.EndsWith(".tar", StringComparison.OrdinalIgnoreCase)
            ? new TarTarget(full, Path.Combine(workroom, "backup.tar")) { Workroom = workroom }
            : new FolderTarget(full) { Workroom = workroom };
    }

    /// <summary>Adds a part; one whose content fails half-way is as if it had never been added.</summary>
    public async Task<BackupPart> AddAsync(string name, Stream content, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        await using var hashed = new HashingStream(content, hash);
        await WriteAsync(name, hashed, cancellation);
        return new BackupPart(name, hashed.Count, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Makes the backup durable and gives it its name.</summary>
    public abstract void Complete();

    public virtual ValueTask DisposeAsync()
    {
        if (Directory.Exists(Workroom))
            Directory.Delete(Workroom, recursive: true);
        return ValueTask.CompletedTask;
    }

    protected abstract Task WriteAsync(string name, Stream content, CancellationToken cancellation);

    private sealed class FolderTarget(string path) : BackupTarget
    {
        private string Parts => Path.Combine(Workroom, "parts");

        public override void Complete()
        {
            if (Directory.Exists(path))
                Directory.Delete(path);
            Directory.Move(Parts, path);
        }

        protected override async Task WriteAsync(string name, Stream content, CancellationToken cancellation)
        {
            var target = Path.Combine(Parts, name);
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            try
            {
                await using var file = File.Create(target);
                await content.CopyToAsync(file, BufferBytes, cancellation);
                file.Flush(flushToDisk: true);
            }
            catch
            {
                File.Delete(target);
                throw;
            }
        }
    }

    private sealed class TarTarget : BackupTarget
    {
        private readonly string path;
        private readonly string unfinished;
        private readonly FileStream file;
        private readonly TarWriter writer;

        public TarTarget(string path, string unfinished)
        {
            this.path = path;
            this.unfinished = unfinished;
            file = File.Create(unfinished);
            writer = new TarWriter(file, TarEntryFormat.Pax, leaveOpen: true);
        }

        public override void Complete()
        {
            writer.Dispose();
            file.Flush(flushToDisk: true);
            file.Dispose();
            File.Move(unfinished, path);
        }

        public override ValueTask DisposeAsync()
        {
            file.Dispose();
            return base.DisposeAsync();
        }

        protected override async Task WriteAsync(string name, Stream content, CancellationToken cancellation)
        {
            var start = file.Position;
            try
            {
                await writer.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = content },
                    cancellation
                );
            }
            catch
            {
                file.SetLength(start);
                file.Position = start;
                throw;
            }
        }
    }
}
