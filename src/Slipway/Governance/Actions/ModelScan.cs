using System.Security.Cryptography;
using Slipway.Governance.Scanners;
using Slipway.Sdk;

namespace Slipway.Governance.Actions;

/// <summary>A file to be scanned: its name in the model, and its bytes, which can be read from any place.</summary>
public sealed record ScanSource(string Path, long SizeBytes, Func<CancellationToken, Task<Stream>> OpenAsync);

/// <summary>Says of the files of a model whether loading them could run anything. Nothing of them is ever run here.</summary>
public static class ModelScan
{
    public static async Task<ScanReport> RunAsync(
        IReadOnlyList<ScanSource> sources,
        ScanLimits? limits = null,
        CancellationToken cancellation = default
    )
    {
        limits ??= ScanLimits.Default;
        if (sources.Count > limits.Members)
            throw Fault.Invalid("scan.too_many_files", $"A model has at most {limits.Members} files.");
        var session = new ScanSession(
            sources.ToDictionary(s => s.Path, s => s.SizeBytes, StringComparer.Ordinal),
            limits,
            cancellation
        );
        var files = new List<ScannedFile>();
        foreach (var source in sources.OrderBy(s => s.Path, StringComparer.Ordinal))
        {
            await using var stream = await source.OpenAsync(cancellation);
            var digest = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellation));
            var kind = await Task.Run(() => FileScanner.Scan(session, source.Path, stream), cancellation);
            files.Add(new ScannedFile(source.Path, stream.Length, digest, kind));
        }
        return new ScanReport { Files = files, Findings = session.Findings };
    }

    /// <summary>Scans a folder of this machine. Links are not followed: what they lead to is not part of the model.</summary>
    public static async Task<ScanReport> FolderAsync(
        string folder,
        ScanLimits? limits = null,
        CancellationToken cancellation = default
    )
    {
        var (sources, links) = ModelFolder.Sources(folder);
        var report = await RunAsync(sources, limits, cancellation);
        return links.Count == 0
            ? report
            : report with
            {
                Findings =
                [
                    .. report.Findings,
                    .. links.Select(link => new Finding(
                        ScanSession.Quoted(link),
                        ScanVerdict.Unsafe,
                        "scan.link",
                        "It is a link or no plain file; a model holds files only."
                    )),
                ],
            };
    }
}
