using System.Diagnostics;
using System.Globalization;

namespace Slipway.Tests.Faults;

/// <summary>A file system of its own, small enough to be filled and free to be broken: ext4 in a file, mounted by loop.</summary>
internal sealed class SmallDisk : IDisposable
{
    private readonly string image;

    private SmallDisk(string image, string path)
    {
        this.image = image;
        Path = path;
    }

    public string Path { get; }

    private string Filler => At("filler");

    public static SmallDisk Mount(int mebibytes = 64)
    {
        var backing = System.IO.Path.GetTempFileName();
        using (var file = File.OpenWrite(backing))
            file.SetLength((long)mebibytes << 20);
        var path = Directory.CreateTempSubdirectory("slipway-disk-").FullName;
        Run("mkfs.ext4", "-q", "-m", "0", backing);
        Run("mount", "-o", "loop", backing, path);
        return new SmallDisk(backing, path);
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Takes every byte that is left.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (var piece = 1 << 20; piece >= 1; piece /= 8)
        {
            try
            {
                while (true)
                    file.Write(new byte[piece]);
            }
            catch (IOException)
            {
                // No room for a piece of this size; a smaller one may fit.
            }
        }
    }

    public void Free() => File.Delete(Filler);

    public void MakeReadOnly() => Run("mount", "-o", "remount,ro", Path);

    /// <summary>What the kernel does when it finds the file system damaged: from now on it is read-only, open files included.</summary>
    public void Break()
    {
        Run("mount", "-o", "remount,errors=remount-ro", Path);
        var device = Output("findmnt", "-n", "-o", "SOURCE", Path).Trim();
        File.WriteAllText($"/sys/fs/ext4/{System.IO.Path.GetFileName(device)}/trigger_fs_error", "1");
    }

    public void Dispose()
    {
        Run("umount", Path);
        Directory.Delete(Path);
        File.Delete(image);
    }

    private static void Run(string program, params string[] args) => Output(program, args);

    private static string Output(string program, params string[] args)
    {
        var info = new ProcessStartInfo(program, args) { UseShellExecute = false, RedirectStandardOutput = true };
        using var process = Process.Start(info)!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(
            process.ExitCode == 0,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{program} {string.Join(' ', args)} ended with {process.ExitCode}."
            )
        );
        return output;
    }
}
