using System.Buffers.Binary;
using System.Diagnostics;
using System.Text;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults.Shim;

/// <summary>Error numbers of Linux.</summary>
public enum Errno
{
    InputOutput = 5,
    NoSpace = 28,
}

/// <summary>A change that a file call made, as the trace has it.</summary>
public sealed record FileChange(char Kind, string Path, long Offset, byte[] Data)
{
    public const char Written = 'w';
    public const char Truncated = 't';
    public const char Synced = 's';
    public const char Renamed = 'r';
    public const char Removed = 'u';

    /// <summary>A call that the shim let fail.</summary>
    public const char Failed = 'f';
}

/// <summary>
/// The shim of iofault.c around one server: compiled once with the machine's C compiler, told by a control file which
/// call is to fail, read back as the list of changes that reached the operating system.
/// </summary>
public sealed class FileFaults : IDisposable
{
    private static readonly Lazy<Task<string>> Library = new(CompileAsync);

    private readonly TestFolder folder = new();
    private int generation;

    private FileFaults(string library) => Start = StartWith(library);

    /// <summary>How the server is to be started: with the shim, on a data folder inside this one's.</summary>
    public SlipwayStart Start { get; }

    public string DataPath => folder.At("data");

    public string TracePath => folder.At("trace");

    /// <summary>How much of the trace has been written; whatever was acknowledged before lies before it.</summary>
    public long Traced => File.Exists(TracePath) ? new FileInfo(TracePath).Length : 0;

    public static async Task<FileFaults> PrepareAsync() => new(await Library.Value);

    /// <summary>Lets the k-th call from now on fail; kind is "any", "write" or "sync".</summary>
    public void FailCall(int k, Errno error, string kind = "any")
    {
        var next = folder.At("control.next");
        File.WriteAllText(next, $"{++generation} {k} {(int)error} {kind}");
        File.Move(next, folder.At("control"), overwrite: true);
    }

    /// <summary>Ends the process as kill -9 does, before the k-th call from now on.</summary>
    public void KillAt(int k) => FailCall(k, default);

    /// <summary>Whether the call that was to fail has come.</summary>
    public bool HasFailed => ReadTrace().Any(t => t.Change.Kind == FileChange.Failed);

    /// <summary>The disk works again.</summary>
    public void Mend() => File.Delete(folder.At("control"));

    public IEnumerable<(long End, FileChange Change)> ReadTrace()
    {
        using var stream = File.OpenRead(TracePath);
        var head = new byte[21];
        while (stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length)
        {
            var kind = (char)head[0];
            var path = new byte[BinaryPrimitives.ReadInt32LittleEndian(head.AsSpan(1))];
            var length = BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(13));
            var data = new byte[kind is FileChange.Written or FileChange.Renamed ? length : 0];
            stream.ReadExactly(path);
            stream.ReadExactly(data);
            yield return (
                stream.Position,
                new FileChange(
                    kind,
                    Encoding.UTF8.GetString(path),
                    BinaryPrimitives.ReadInt64LittleEndian(head.AsSpan(5)),
                    data
                )
            );
        }
    }

    public void Dispose() => folder.Dispose();

    private SlipwayStart StartWith(string library) =>
        new()
        {
            DataPath = DataPath,
            Environment = new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = library,
                ["IOFAULT_FOLDER"] = DataPath,
                ["IOFAULT_TRACE"] = TracePath,
                ["IOFAULT_CONTROL"] = folder.At("control"),
            },
        };

    private static async Task<string> CompileAsync()
    {
        var source = Path.Combine(SlipwayProcess.RepositoryRoot, "tests/Slipway.Tests/Faults/Shim/iofault.c");
        var library = Path.Combine(Directory.CreateTempSubdirectory("slipway-shim-").FullName, "iofault.so");
        using var compiler = Process.Start(
            "gcc",
            ["-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl", "-lpthread"]
        );
        await compiler.WaitForExitAsync();
        return compiler.ExitCode == 0
            ? library
            : throw new InvalidOperationException("gcc could not compile iofault.c.");
    }
}
