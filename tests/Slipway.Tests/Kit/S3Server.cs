using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Slipway.Tests.Kit;

[assembly: AssemblyFixture(typeof(S3Server))]

namespace Slipway.Tests.Kit;

/// <summary>
/// A real S3 server: Ceph's object gateway on a cluster of one monitor and one disk in memory, all on loopback. It is up
/// about two seconds after the first test asks for it, and goes with the test process however that ends.
/// </summary>
public sealed class S3Server : IAsyncDisposable
{
    private const string Bucket = "slipway-tests";
    private const string AccessKeyId = "testkey";
    private const string SecretAccessKey = "testsecret";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lazy<Task> started;
    private readonly List<Process> daemons = [];
    private readonly TestFolder folder = new();
    private readonly int monitorPort = FreePort();
    private readonly int gatewayPort = FreePort();

    public S3Server() => started = new Lazy<Task>(StartAsync);

    private string Endpoint => $"http://127.0.0.1:{gatewayPort}";

    /// <summary>The address of an empty store, as `--blobs` takes it.</summary>
    public async Task<string> NewAddressAsync()
    {
        await started.Value;
        return $"s3://{Bucket}/{Guid.NewGuid():n}?endpoint={Endpoint}&access_key_id={AccessKeyId}&secret_access_key={SecretAccessKey}";
    }

    /// <summary>A client of the test's own, to look behind the store.</summary>
    public AmazonS3Client NewClient() =>
        new(
            new BasicAWSCredentials(AccessKeyId, SecretAccessKey),
            new AmazonS3Config { ServiceURL = Endpoint, ForcePathStyle = true }
        );

    public ValueTask DisposeAsync()
    {
        foreach (var daemon in daemons)
        {
            daemon.StandardInput.Close();
            daemon.WaitForExit();
            daemon.Dispose();
        }
        folder.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task StartAsync()
    {
        var cluster = Guid.NewGuid().ToString();
        var disk = Guid.NewGuid().ToString();
        var keys = folder.At("keyring");
        var map = folder.At("monmap");
        Directory.CreateDirectory(folder.At("mon"));
        Directory.CreateDirectory(folder.At("osd"));
        await File.WriteAllTextAsync(folder.At("ceph.conf"), Configuration(cluster));

        await RunAsync("ceph-authtool", "--create-keyring", keys, "-n", "mon.", "--gen-key", "--cap", "mon", "allow *");
        string[] everything = ["--cap", "mon", "allow *", "--cap", "osd", "allow *"];
        await RunAsync("ceph-authtool", [keys, "-n", "client.admin", "--gen-key", .. everything]);
        await RunAsync("ceph-authtool", [keys, "-n", "osd.0", "--gen-key", .. everything]);
        string[] monitor = ["--addv", "a", $"[v2:127.0.0.1:{monitorPort}]"];
        await RunAsync("monmaptool", ["--create", "--clobber", "--fsid", cluster, .. monitor, map]);
        await RunAsync("ceph-mon", "--mkfs", "-i", "a", "--monmap", map, "--keyring", keys);
        Start("ceph-mon", "-i", "a", "-f");
        await RunAsync("ceph", "--connect-timeout", "30", "osd", "new", disk);
        await RunAsync("ceph-osd", "-i", "0", "--mkfs", "--osd-uuid", disk);
        Start("ceph-osd", "-i", "0", "-f");
        string[] user = ["user", "create", "--uid", "tests", "--display-name", "tests"];
        await RunAsync("radosgw-admin", [.. user, "--access-key", AccessKeyId, "--secret-key", SecretAccessKey]);
        Start("radosgw", "-n", "client.admin", "-f");

        await AnswersAsync();
        using var s3 = NewClient();
        await s3.PutBucketAsync(Bucket);
    }

    private string Configuration(string cluster) =>
        $"""
            [global]
            fsid = {cluster}
            mon host = v2:127.0.0.1:{monitorPort}
            mon initial members = a
            mon data = {folder.At("mon")}
            mon allow pool size one = true
            mon cluster log file = {folder.At("cluster.log")}
            keyring = {folder.At("keyring")}
            run dir = {folder.Path}
            log file = {folder.At("$name.log")}
            admin socket = {folder.At("$name.$pid.asok")}
            pid file = {folder.At("$name.pid")}
            crash dir = {folder.Path}
            public addr = 127.0.0.1
            cluster addr = 127.0.0.1
            ms bind ipv6 = false
            paxos propose interval = 0.02
            paxos min wait = 0.01
            osd data = {folder.At("osd")}
            osd objectstore = memstore
            memstore device bytes = 4294967296
            osd class update on start = false
            osd crush chooseleaf type = 0
            osd pool default size = 1
            osd pool default min size = 1
            osd pool default pg num = 1
            osd pool default pg autoscale mode = off
            rgw data = {folder.At("rgw")}
            rgw frontends = beast endpoint=127.0.0.1:{gatewayPort} tcp_nodelay=1
            rgw thread pool size = 32
            rgw enable gc threads = false
            rgw enable lc threads = false
            rgw run sync thread = false

            """;

    private async Task AnswersAsync()
    {
        using var http = new HttpClient();
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(Endpoint);
                return;
            }
            catch (HttpRequestException) when (since.Elapsed < Patience)
            {
                await Task.Delay(50);
            }
        }
    }

    private async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(Command([program, "-c", folder.At("ceph.conf"), .. arguments]))!;
        process.StandardInput.Close();
        var said = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {said}");
    }

    /// <summary>The shell around the daemon ends it when its own input closes, which the kernel sees to if we are killed.</summary>
    private void Start(string program, params string[] arguments)
    {
        var wrapped = "\"$@\" >/dev/null 2>&1 & read -r _; kill -9 $!; wait $! 2>/dev/null";
        string[] command = ["/bin/bash", "-c", wrapped, "bash", program, "-c", folder.At("ceph.conf"), .. arguments];
        daemons.Add(Process.Start(Command(command))!);
    }

    private static ProcessStartInfo Command(string[] command) =>
        new(command[0], command[1..])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
