using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Npgsql;

namespace Slipway.Tests.Kit;

/// <summary>
/// A PostgreSQL of one test's own, for tests that end it, silence it or take its connections away. It syncs as in
/// production, so that what it loses says something. It refuses to run as root, so as root it belongs to Debian's user.
/// </summary>
public sealed class PostgresServer : IAsyncDisposable
{
    private const string Owner = "postgres";

    private readonly string folder = Directory.CreateTempSubdirectory("slipway-test-").FullName;
    private readonly int port = FreePort();

    /// <summary>The address of its one database, as `--store` takes it.</summary>
    public string Address => $"Host=127.0.0.1;Port={port};Username=slipway;Database=postgres;Pooling=false";

    private string DataPath => Path.Combine(folder, "data");

    public static async Task<PostgresServer> StartAsync()
    {
        var server = new PostgresServer();
        if (Environment.IsPrivilegedProcess)
            await RunAsync("chown", Owner, server.folder);
        string[] who = ["-U", "slipway", "-A", "trust"];
        await server.AsOwnerAsync(
            "initdb",
            ["-D", server.DataPath, .. who, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        );
        await server.ControlAsync("start");
        return server;
    }

    /// <summary>Ends all of its processes where they are, as a crash does, and starts it again: it recovers from its log.</summary>
    public Task CrashAsync() => ControlAsync("restart", "-m", "immediate");

    /// <summary>Stops or continues all of its processes: connections stay open, and nobody answers.</summary>
    public async Task SignalAsync(string name)
    {
        var main = (await File.ReadAllLinesAsync(Path.Combine(DataPath, "postmaster.pid")))[0];
        var all = Directory
            .GetDirectories("/proc")
            .Select(path => Path.GetFileName(path))
            .Where(id => char.IsDigit(id[0]) && (id == main || ParentOf(id) == main));
        await RunAsync("kill", [$"-{name}", .. all]);
    }

    /// <summary>Ends the connections of all servers of ours; the answer is how many there were.</summary>
    public async Task<long> DropConnectionsAsync()
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText =
            "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'slipway'";
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public async Task<NpgsqlConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(Address);
        await connection.OpenAsync();
        return connection;
    }

    public async ValueTask DisposeAsync()
    {
        await ControlAsync("stop", "-m", "immediate");
        Directory.Delete(folder, recursive: true);
    }

    private Task ControlAsync(string verb, params string[] more)
    {
        var options = string.Create(
            CultureInfo.InvariantCulture,
            $"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=50"
        );
        string[] starting = verb == "stop" ? [] : ["-o", options, "-l", Path.Combine(folder, "log")];
        return AsOwnerAsync("pg_ctl", [verb, "-D", DataPath, "-w", .. starting, .. more]);
    }

    private Task AsOwnerAsync(string program, string[] arguments)
    {
        var path = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last();
        string[] command = [Path.Combine(path, "bin", program), .. arguments];
        return Environment.IsPrivilegedProcess
            ? RunAsync("runuser", ["-u", Owner, "--", .. command])
            : RunAsync(command[0], command[1..]);
    }

    /// <summary>Output goes to a file: a server that is started keeps its starter's streams open.</summary>
    private static async Task RunAsync(string program, params string[] arguments)
    {
        var output = Path.GetTempFileName();
        try
        {
            string[] quiet = ["-c", "cd / && exec \"$@\" >\"$0\" 2>&1", output, program, .. arguments];
            using var process = Process.Start(new ProcessStartInfo("/bin/bash", quiet) { UseShellExecute = false })!;
            await process.WaitForExitAsync();
            Assert.True(process.ExitCode == 0, $"{program} {arguments[0]}: {await File.ReadAllTextAsync(output)}");
        }
        finally
        {
            File.Delete(output);
        }
    }

    private static string? ParentOf(string id)
    {
        try
        {
            // The name before it stands in brackets, and may hold spaces.
            var status = File.ReadAllText($"/proc/{id}/stat");
            return status[(status.LastIndexOf(')') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
