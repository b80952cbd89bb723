using System.IO.Compression;
using System.Text;
using Slipway.Governance;
using Slipway.Governance.Actions;

namespace Slipway.Tests.Governance.Scanners;

/// <summary>Scans files that a test makes up.</summary>
internal static class Scanning
{
    public static Task<ScanReport> ScanAsync(params (string Path, byte[] Bytes)[] files) =>
        ScanAsync(ScanLimits.Default, files);

    public static Task<ScanReport> ScanAsync(ScanLimits limits, params (string Path, byte[] Bytes)[] files) =>
        ModelScan.RunAsync(
            [
                .. files.Select(file => new ScanSource(
                    file.Path,
                    file.Bytes.Length,
                    _ => Task.FromResult<Stream>(new MemoryStream(file.Bytes, writable: false))
                )),
            ],
            limits
        );

    public static async Task<ScanVerdict> VerdictAsync(string path, byte[] bytes) =>
        (await ScanAsync((path, bytes))).Verdict;

    /// <summary>Latin letters stand for bytes, so that a pickle can be written as it reads.</summary>
    public static byte[] Bytes(string latin) => Encoding.Latin1.GetBytes(latin);

    public static byte[] Zip(params (string Name, byte[] Bytes)[] members)
    {
        var file = new MemoryStream();
        using (var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (name, bytes) in members)
            {
                using var entry = zip.CreateEntry(name, CompressionLevel.Optimal).Open();
                entry.Write(bytes);
            }
        }
        return file.ToArray();
    }

    public static byte[] Gzip(byte[] bytes)
    {
        var file = new MemoryStream();
        using (var gzip = new GZipStream(file, CompressionLevel.Optimal))
            gzip.Write(bytes);
        return file.ToArray();
    }
}
