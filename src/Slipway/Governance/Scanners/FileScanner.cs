using System.IO.Compression;
using System.Text.RegularExpressions;
using Slipway.Sdk;

namespace Slipway.Governance.Scanners;

/// <summary>
/// Finds out what a file is by its bytes, never by its name alone, and has it scanned as that. A name that promises
/// another kind is a finding, and so is a file that is nothing the scan knows: what is safe is known to be, and whatever
/// goes wrong on the way is never taken for safe.
/// </summary>
internal static partial class FileScanner
{
    private const int HeadBytes = 600;

    private static readonly string[] PickleNames = [".pkl", ".pickle", ".joblib", ".dill", ".cloudpickle", ".pk", ".p"];

    /// <summary>What a name promises, and the kinds that keep the promise.</summary>
    private static readonly Dictionary<string, string[]> Promises = new(StringComparer.OrdinalIgnoreCase)
    {
        [".onnx"] = ["onnx"],
        [".safetensors"] = ["safetensors"],
        [".gguf"] = ["gguf"],
        [".npy"] = ["numpy"],
        [".npz"] = ["zip"],
        [".keras"] = ["zip"],
        [".h5"] = ["hdf5"],
        [".hdf5"] = ["hdf5"],
        [".zip"] = ["zip"],
        [".tar"] = ["tar"],
        [".gz"] = ["gzip"],
        [".tgz"] = ["gzip"],
        [".parquet"] = ["parquet"],
        [".png"] = ["image"],
        [".jpg"] = ["image"],
        [".jpeg"] = ["image"],
        [".tflite"] = ["tflite"],
        [".json"] = ["json"],
    };

    public static string Scan(ScanSession session, string path, Stream stream, int depth = 0)
    {
        if (depth > session.Limits.NestingDepth)
        {
            session.Unscannable(path, "scan.depth", "It lies in archives within archives, deeper than the scan goes.");
            return "unknown";
        }
        var kind = "unknown";
        try
        {
            var head = Head(stream);
            kind = KindOf(session, path, stream, head);
            Dispatch(session, path, stream, kind, depth);
        }
        catch (Fault fault)
        {
            if (fault.Code == "scan.bound")
                session.Unscannable(path, "scan.bound", $"As {kind}, {fault.Message}.");
            else
                session.Unsafe(path, "scan.malformed", $"As {kind}, {fault.Message}.");
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            session.Unsafe(path, "scan.failed", $"The scan failed on it ({e.GetType().Name}).");
        }
        CheckPromise(session, path, kind);
        return kind;
    }

    private static string KindOf(ScanSession session, string path, Stream stream, byte[] head)
    {
        var kind = KindOfHead(head);
        if (kind is "unknown" && IsText(session, stream))
            kind = "text";
        if (kind != "zip" && ZipDirectory.EndsLikeOne(stream, session))
            session.Unsafe(
                path,
                "scan.two_kinds",
                $"It begins as {kind} and ends as a zip file: two readers see two files."
            );
        if (kind is "unknown" or "text")
            return PickleNames.Contains(Extension(path)) ? "pickle" : ByName(path, head, kind);
        return kind;
    }

    private static string KindOfHead(ReadOnlySpan<byte> head) =>
        head switch
        {
            [] => "empty",
            [0x7F, (byte)'E', (byte)'L', (byte)'F', ..] => "native code",
            [(byte)'M', (byte)'Z', ..] when IsWindowsProgram(head) => "native code",
            [0xCF or 0xCE, 0xFA, 0xED, 0xFE, ..] or [0xCA, 0xFE, 0xBA, 0xBE, ..] => "native code",
            [0, (byte)'a', (byte)'s', (byte)'m', ..] => "native code",
            [(byte)'P', (byte)'K', 3, 4, ..] or [(byte)'P', (byte)'K', 5, 6, ..] => "zip",
            [0x1F, 0x8B, 8, ..] => "gzip",
            [0x78, var second, ..] when ((0x78 << 8) + second) % 31 == 0 && second is 0x01 or 0x5E or 0x9C or 0xDA =>
                "zlib",
            [(byte)'B', (byte)'Z', (byte)'h', ..] => "bzip2",
            [0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..] or [0x5D, 0, 0, ..] => "xz",
            [(byte)'7', (byte)'z', 0xBC, 0xAF, 0x27, 0x1C, ..] => "7z",
            [(byte)'R', (byte)'a', (byte)'r', (byte)'!', ..] => "rar",
            [0x28, 0xB5, 0x2F, 0xFD, ..] => "zstd",
            [0x04, 0x22, 0x4D, 0x18, ..] => "lz4",
            [0x80, <= 5, ..] => "pickle",
            _ when NumpyScanner.LooksLike(head) => "numpy",
            _ when HdfScanner.LooksLike(head) => "hdf5",
            _ when TensorFileScanner.IsGguf(head) => "gguf",
            _ when head.Length > 263 && head[257..262].SequenceEqual("ustar"u8) => "tar",
            _ when TensorFileScanner.IsSafetensors(head) => "safetensors",
            _ when head.Length >= 8 && head[4..8].SequenceEqual("TFL3"u8) => "tflite",
            [(byte)'P', (byte)'A', (byte)'R', (byte)'1', ..] => "parquet",
            [(byte)'A', (byte)'R', (byte)'R', (byte)'O', (byte)'W', (byte)'1', ..] => "arrow",
            [0x89, (byte)'P', (byte)'N', (byte)'G', ..] or [0xFF, 0xD8, 0xFF, ..] => "image",
            [(byte)'C', (byte)'B', (byte)'M', (byte)'1', ..] => "catboost",
            [(byte)'{', (byte)'L', 0, 0, 0, 0, 0, 0, 0, ..] => "xgboost",
            _ => "unknown",
        };

    private static string ByName(string path, ReadOnlySpan<byte> head, string otherwise)
    {
        var name = path[(path.LastIndexOfAny(['/', '!']) + 1)..];
        if (name is "saved_model.pb")
            return "tensorflow";
        if (name is "keras_metadata.pb")
            return "keras metadata";
        if (VariableName().IsMatch(name))
            return "numbers";
        return otherwise == "unknown" && (Extension(path) == ".onnx" || head is [0x08, <= 20, ..]) ? "onnx" : otherwise;
    }

    private static void Dispatch(ScanSession session, string path, Stream stream, string kind, int depth)
    {
        switch (kind)
        {
            case "zip" or "tar" or "gzip" or "zlib":
                Unpack(session, path, stream, kind, depth);
                break;
            case "pickle":
                PickleScanner.Scan(session, path, stream);
                break;
            case "numpy":
                NumpyScanner.Scan(session, path, stream);
                break;
            case "hdf5" or "keras metadata":
                HdfScanner.Scan(session, path, stream);
                break;
            case "gguf":
                TensorFileScanner.ScanGguf(session, stream);
                break;
            case "safetensors":
                TensorFileScanner.ScanSafetensors(session, stream);
                break;
            case "onnx":
                new OnnxScanner(session, path, stream).Scan();
                break;
            case "tensorflow":
                new SavedModelScanner(session, path, stream).Scan();
                break;
            case "text":
                PickleScanner.Probe(session, path, stream);
                if (stream.Length > session.Limits.TextBytes)
                    throw ScanSession.Beyond("it is a longer text than the scan reads");
                TextScanner.Scan(session, path, new ByteReader(stream, session).Whole());
                break;
            case "native code":
                session.Unsafe(path, "scan.native_code", "It is a program or a library, which no model needs.");
                break;
            case "numbers" or "parquet" or "arrow" or "image" or "tflite" or "catboost" or "xgboost":
                PickleScanner.Probe(session, path, stream);
                break;
            case "unknown":
                PickleScanner.Probe(session, path, stream);
                session.Unscannable(path, ScanSession.UnknownRule, "It is of a kind that the scan does not know.");
                break;
            case not "empty":
                session.Unscannable(
                    path,
                    "scan.compression",
                    $"It is compressed as {kind}, which the scan does not read."
                );
                break;
        }
    }

    private static void Unpack(ScanSession session, string path, Stream stream, string kind, int depth)
    {
        if (kind == "zip")
        {
            new ZipScanner(session, path, stream, depth).Scan();
        }
        else if (kind == "tar")
        {
            new TarScanner(session, path, stream, depth).Scan();
        }
        else
        {
            var inner = PickleNames.Contains(Extension(path)) ? "content.pkl" : "content";
            using var content = Expand(session, stream, kind);
            Scan(session, $"{path}!{inner}", content, depth + 1);
        }
    }

    private static Stream Expand(ScanSession session, Stream stream, string kind)
    {
        stream.Position = 0;
        Stream expanding =
            kind == "gzip"
                ? new GZipStream(stream, CompressionMode.Decompress, leaveOpen: true)
                : new ZLibStream(stream, CompressionMode.Decompress, leaveOpen: true);
        using (expanding)
            return session.Expand(expanding, stream.Length);
    }

    private static void CheckPromise(ScanSession session, string path, string kind)
    {
        if (!Promises.TryGetValue(Extension(path), out var kept) || kept.Contains(kind) || kind == "empty")
            return;
        if (kept.Contains("json") && kind == "text")
            return;
        session.Unsafe(path, "scan.mismatch", $"Its name promises {kept[0]}, and it is {kind}.");
    }

    private static byte[] Head(Stream stream)
    {
        var head = new byte[Math.Min(HeadBytes, stream.Length)];
        stream.Position = 0;
        stream.ReadExactly(head);
        return head;
    }

    /// <summary>UTF-8 without control characters, from the first to the last byte.</summary>
    private static bool IsText(ScanSession session, Stream stream)
    {
        var reader = new ByteReader(stream, session);
        var following = 0;
        while (reader.Next() is var next and >= 0)
        {
            if (following > 0 ? (next & 0xC0) != 0x80 : next is >= 0x80 and < 0xC2 or > 0xF4)
                return false;
            if (next is < 0x20 and not ('\t' or '\n' or '\r' or '\f' or 0x1B) or 0x7F)
                return false;
            following =
                following > 0 ? following - 1
                : next >= 0xF0 ? 3
                : next >= 0xE0 ? 2
                : next >= 0xC2 ? 1
                : 0;
        }
        return following == 0;
    }

    private static bool IsWindowsProgram(ReadOnlySpan<byte> head) =>
        head.Length < 64
        || BitConverter.ToInt32(head[60..]) is var at
            && at >= 0
            && at <= head.Length - 4
            && head[at..].StartsWith("PE\0\0"u8);

    private static string Extension(string path)
    {
        var name = path[(path.LastIndexOfAny(['/', '!']) + 1)..];
        return name.LastIndexOf('.') is var dot and >= 0 ? name[dot..].ToLowerInvariant() : "";
    }

    /// <summary>Where TensorFlow keeps bare numbers, and small tables about them.</summary>
    [GeneratedRegex(
        @"^(variables\.data-[0-9]+-of-[0-9]+|variables\.index|fingerprint\.pb)$",
        RegexOptions.NonBacktracking | RegexOptions.ExplicitCapture
    )]
    private static partial Regex VariableName();
}
