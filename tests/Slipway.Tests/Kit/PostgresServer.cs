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

    private readonly string folder;

    private PostgresServer(string folder) => this.folder = folder;

    public int Port { get; } = FreePort();

    /// <summary>The address of its one database, as `--store` takes it.</summary>
    public string Address => AddressAt(Port);

    private string DataPath => Path.Combine(folder, "data");

    /// <summary>The same, for who reaches it by another port.</summary>
    public static string AddressAt(int port) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"Host=127.0.0.1;Port={port};Username=slipway;Database=postgres;Pooling=false"
        );

    /// <summary>A fresh one, in a folder of its own or in a given one, with small files where its disk is small.</summary>
    public static async Task<PostgresServer> StartAsync(string? folder = null)
    {
        var server = await InFolderAsync(folder);
        string[] who = ["-U", "slipway", "-A", "trust"];
        string[] size = folder is null ? [] : ["--wal-segsize=1"];
        await server.AsOwnerAsync(
            "initdb",
            ["-D", server.DataPath, .. who, "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", .. size]
        );
        await server.ControlAsync("start");
        return server;
    }

    /// <summary>
    /// Another one that follows this one; from then on nothing is acknowledged here that has not reached it.
    /// </summary>
    public async Task<PostgresServer> StartStandbyAsync()
    {
        var standby = await InFolderAsync(null);
        var source = string.Create(CultureInfo.InvariantCulture, $"host=127.0.0.1 port={Port} user=slipway");
        await standby.AsOwnerAsync(
            "pg_basebackup",
            ["-D", standby.DataPath, "-d", source + " application_name=standby", "-R", "-c", "fast", "--no-sync"]
        );
        await standby.ControlAsync("start");
        await RunAsync("alter system set synchronous_standby_names = 'standby'");
        await RunAsync("select pg_reload_conf()");
        return standby;
    }

    /// <summary>Makes a standby the one that is written to.</summary>
    public Task PromoteAsync() => ControlAsync("promote");

    /// <summary>Ends it where it is, and leaves it ended.</summary>
    public Task EndAsync() => ControlAsync("stop", "-m", "immediate");

    /// <summary>Starts it again once it has ended by itself.</summary>
    public Task StartAgainAsync() => ControlAsync("start");

    /// <summary>Whether it takes connections, after it had some time to.</summary>
    public async Task<bool> AnswersAsync()
    {
        for (var i = 0; i < 20; i++)
        {
            try
            {
                await RunAsync("select 1");
                return true;
            }
            catch (NpgsqlException)
            {
                await Task.Delay(100);
            }
        }
        return false;
    }

    /// <summary>Runs a statement of the operator's.</summary>
    public async Task RunAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
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
        await ExecuteAsync("kill", [$"-{name}", .. all]);
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
        if (File.Exists(Path.Combine(DataPath, "postmaster.pid")))
            await EndAsync();
        Directory.Delete(folder, recursive: true);
    }

    private static async Task<PostgresServer> InFolderAsync(string? given)
    {
        var path = given ?? Directory.CreateTempSubdirectory("slipway-test-").FullName;
        Directory.CreateDirectory(path);
        if (Environment.IsPrivilegedProcess)
            await ExecuteAsync("chown", Owner, path);
        return new PostgresServer(path);
    }

    private Task ControlAsync(string verb, params string[] more)
    {
        var options = string.Create(
            CultureInfo.InvariantCulture,
            $"-p {Port} -k {folder} -c listen_addresses=127.0.0.1 -c max_connections=50"
        );
        string[] starting = verb is "stop" or "promote" ? [] : ["-o", options, "-l", Path.Combine(folder, "log")];
        return AsOwnerAsync("pg_ctl", [verb, "-D", DataPath, "-w", .. starting, .. more]);
    }

    private Task AsOwnerAsync(string program, string[] arguments)
    {
        var path = Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Last();
        string[] command = [Path.Combine(path, "bin", program), .. arguments];
        return Environment.IsPrivilegedProcess
            ? ExecuteAsync("runuser", ["-u", Owner, "--", .. command])
            : ExecuteAsync(command[0], command[1..]);
    }

    /// <summary>Output goes to a file: a server that is started keeps its starter's streams open.</summary>
    private static async Task ExecuteAsync(string program, params string[] arguments)
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
