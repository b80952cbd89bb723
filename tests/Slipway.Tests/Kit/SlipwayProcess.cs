using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Slipway.Tests.Kit;

/// <summary>How a <see cref="SlipwayProcess"/> is started.</summary>
public sealed record SlipwayStart
{
    /// <summary>Options after `slipway up`, besides --data; a --listen among them takes the place of <see cref="ListenPort"/>.</summary>
    public IReadOnlyList<string> Options { get; init; } = [];

    /// <summary>An existing data folder, which is left in place; otherwise one is made and removed with the process.</summary>
    public string? DataPath { get; init; }

    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Shell text run in the same process before the server takes its place, such as "ulimit -n 256".</summary>
    public string? Before { get; init; }

    /// <summary>The user the server runs as, where it is not the one who tests.</summary>
    public string? AsUser { get; init; }

    /// <summary>Where to listen; by default a free port, which the server tells on its standard output.</summary>
    public int ListenPort { get; init; }

    public TimeSpan ReadyWithin { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>
/// The real program as a child process, on a free port: what tests of start, stop, kill and faults work on. The program
/// is the one built beside the tests, or the one that SLIPWAY_BINARY names (the published build).
/// </summary>
public sealed partial class SlipwayProcess : IAsyncDisposable
{
    private readonly SlipwayStart start;
    private readonly Process process;
    private readonly StringBuilder log = new();
    private readonly TaskCompletionSource<Uri> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private SlipwayProcess(SlipwayStart start, string dataPath)
    {
        this.start = start;
        DataPath = dataPath;
        process = new Process { StartInfo = StartInfo(start, dataPath), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Read(line.Data);
        process.ErrorDataReceived += (_, line) => Read(line.Data);
        process.Exited += (_, _) =>
        {
            // Returns once both streams are read to their end, so that the exception carries all of them.
            process.WaitForExit();
            listening.TrySetException(new SlipwayEndedException(this));
        };
        Clock.Start();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public static string Binary { get; } =
        System.Environment.GetEnvironmentVariable("SLIPWAY_BINARY")
        ?? Path.Combine(
            RepositoryRoot,
            "src",
            "Slipway.Host",
            AppContext.BaseDirectory[(AppContext.BaseDirectory.LastIndexOf("bin", StringComparison.Ordinal))..],
            "slipway"
        );

    /// <summary>The folder of Slipway.slnx.</summary>
    public static string RepositoryRoot
    {
        get
        {
            var folder = new DirectoryInfo(AppContext.BaseDirectory);
            while (!File.Exists(Path.Combine(folder!.FullName, "Slipway.slnx")))
                folder = folder.Parent;
            return folder.FullName;
        }
    }

    public string DataPath { get; }

    public int Id => process.Id;

    /// <summary>Runs from the moment the process was asked for.</summary>
    public Stopwatch Clock { get; } = new();

    public Uri Address { get; private set; } = null!;

    /// <summary>A client for this server, without retries.</summary>
    public HttpClient Http { get; private set; } = null!;

    /// <summary>Everything written to standard output and standard error so far.</summary>
    public string Log
    {
        get
        {
            lock (log)
                return log.ToString();
        }
    }

    public bool HasEnded => process.HasExited;

    public int ExitCode => process.ExitCode;

    public static Task<SlipwayProcess> StartAsync(params string[] options) =>
        StartAsync(new SlipwayStart { Options = options });

    /// <summary>Starts the server and waits until it answers. Throws <see cref="SlipwayEndedException"/> when it ends instead.</summary>
    public static async Task<SlipwayProcess> StartAsync(SlipwayStart start)
    {
        var server = new SlipwayProcess(
            start,
            start.DataPath ?? Directory.CreateTempSubdirectory("slipway-test-").FullName
        );
        try
        {
            server.Address = await (
                start.ListenPort == 0 ? server.listening.Task : server.AnswersAsync(start.ListenPort)
            ).WaitAsync(start.ReadyWithin);
            server.Http = new HttpClient(new ApiContract(new SocketsHttpHandler()))
            {
                BaseAddress = server.Address,
                Timeout = TimeSpan.FromSeconds(100),
            };
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The same server again, on the same data folder; the caller has ended this one.</summary>
    public Task<SlipwayProcess> StartAgainAsync() => StartAsync(start with { DataPath = DataPath });

    /// <summary>SIGTERM; the exit code once the process has ended.</summary>
    public async Task<int> StopAsync(TimeSpan? within = null)
    {
        await SignalAsync("TERM");
        return await EndedAsync(within ?? TimeSpan.FromSeconds(30));
    }

    public async Task<int> EndedAsync(TimeSpan within)
    {
        await process.WaitForExitAsync().WaitAsync(within);
        return process.ExitCode;
    }

    /// <summary>kill -9 of this process alone.</summary>
    public async Task KillAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
    }

    public async Task SignalAsync(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http?.Dispose();
        if (!process.HasExited)
            await KillAsync();
        process.Dispose();
        if (start.DataPath is null)
            Directory.Delete(DataPath, recursive: true);
    }

    /// <summary>For a server whose standard output nobody reads.</summary>
    private async Task<Uri> AnswersAsync(int port)
    {
        var address = new UriBuilder("http", "127.0.0.1", port).Uri;
        using var http = new HttpClient { BaseAddress = address };
        while (!listening.Task.IsFaulted)
        {
            try
            {
                await http.GetAsync("/health");
                return address;
            }
            catch (HttpRequestException)
            {
                await Task.Delay(20);
            }
        }
        return await listening.Task;
    }

    private static ProcessStartInfo StartInfo(SlipwayStart start, string dataPath)
    {
        var listen = string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{start.ListenPort}");
        string[] where = start.Options.Contains("--listen") ? [] : ["--listen", listen];
        string[] command = [Binary, "up", "--data", dataPath, .. where, .. start.Options];
        if (start.AsUser is not null)
            command = ["setpriv", "--reuid", start.AsUser, "--clear-groups", .. command];
        if (start.Before is not null)
            command = ["/bin/bash", "-c", start.Before + " && exec \"$@\"", "bash", .. command];
        var info = new ProcessStartInfo(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in start.Environment)
            info.Environment[name] = value;
        return info;
    }

    private void Read(string? line)
    {
        if (line is null)
            return;
        lock (log)
            log.AppendLine(line);
        if (ListeningLine().Match(line) is { Success: true } match)
            listening.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    [GeneratedRegex(@"listens on (?<address>http://[^,\s]+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ListeningLine();
}

/// <summary>The program ended before it was ready; carries what it said.</summary>
public sealed class SlipwayEndedException(SlipwayProcess server) : Exception
{
    public int ExitCode { get; } = server.ExitCode;

    public override string Message { get; } =
        $"The server ended instead of starting, with {server.ExitCode}:\n{server.Log}";
}
