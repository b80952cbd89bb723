using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Faults F05, F09, F11 and F20 on artifacts: an upload that does not end well leaves nothing, whatever ended it; what
/// is stored is found damaged before somebody relies on it; and size costs no memory.
/// </summary>
public sealed class UploadTests(S3Server s3, ITestOutputHelper output)
{
    private static readonly TimeSpan SweepPatience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_kill_in_the_middle_of_uploads_leaves_the_old_file_and_no_half_one()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var artifacts = await ArtifactsAsync(server);
        await artifacts.PutAsync("old", new MemoryStream("kept"u8.ToArray()));
        var uploads = await Task.WhenAll(BeginAsync(server, "old"), BeginAsync(server, "new"));
        await UntilAsync(() => Leftovers(server).Length == 2, SweepPatience);

        await server.KillAsync();
        Array.ForEach(uploads, upload => upload.Dispose());
        await using var again = await server.StartAgainAsync();

        var after = await ArtifactsAsync(again);
        Assert.Equal("old", Assert.Single((await after.ListAsync()).Items).Path);
        using var content = new MemoryStream();
        await after.GetAsync("old", content);
        Assert.Equal("kept", Encoding.UTF8.GetString(content.ToArray()));
        await UntilAsync(() => Leftovers(again).Length == 0, SweepPatience);
    }

    [Fact]
    public async Task A_client_that_goes_away_in_the_middle_leaves_nothing()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var artifacts = await ArtifactsAsync(server);
        var upload = await BeginAsync(server, "half");
        await UntilAsync(() => Leftovers(server).Length == 1, SweepPatience);

        upload.Dispose();

        await UntilAsync(() => Leftovers(server).Length == 0, SweepPatience);
        Assert.Empty((await artifacts.ListAsync()).Items);
    }

    [Fact]
    public async Task An_upload_cut_off_anywhere_is_there_whole_or_not_at_all()
    {
        const int size = 24 << 10;
        await using var server = await SlipwayProcess.StartAsync();
        var artifacts = await ArtifactsAsync(server);
        var head = $"PUT {Url("cut")} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {size}\r\n\r\n";
        byte[] request = [.. Encoding.ASCII.GetBytes(head), .. new byte[size]];
        for (var (length, cuts) = (0, 0); length < request.Length; length += 1024, cuts++)
        {
            using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync(server.Address.Host, server.Address.Port);
            await client.SendAsync(request.AsMemory(0, length));
            // By a reset, or by saying that nothing more comes.
            if (cuts % 2 == 0)
                client.LingerState = new LingerOption(enable: true, seconds: 0);
            else
                client.Shutdown(SocketShutdown.Send);
        }
        await UntilAsync(() => Leftovers(server).Length == 0, SweepPatience);
        Assert.Empty((await artifacts.ListAsync()).Items);

        using (var whole = new Socket(SocketType.Stream, ProtocolType.Tcp))
        {
            await whole.ConnectAsync(server.Address.Host, server.Address.Port);
            await whole.SendAsync(request);
            whole.Shutdown(SocketShutdown.Send);
        }
        await UntilAsync(() => Leftovers(server).Length == 0, SweepPatience);
        foreach (var stored in (await artifacts.ListAsync()).Items)
            Assert.Equal(("cut", size), (stored.Path, stored.SizeBytes));
        Assert.DoesNotContain("fail: Slipway", server.Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_the_disk_of_the_artifacts_full_an_upload_is_refused_with_507_and_leaves_nothing()
    {
        using var disk = SmallDisk.Mount();
        await using var server = await SlipwayProcess.StartAsync("--blobs", disk.At("blobs"));
        var artifacts = await ArtifactsAsync(server);
        await artifacts.PutAsync("old", new MemoryStream("kept"u8.ToArray()));
        using var tooLarge = new ByteArrayContent(new byte[80 << 20]);

        using var native = await server.Http.PutAsync(Url("large"), tooLarge);
        using var mlflow = await server.Http.PutAsync(
            "/api/2.0/mlflow-artifacts/artifacts/0/large",
            new ByteArrayContent(new byte[80 << 20])
        );

        foreach (var answer in new[] { native, mlflow })
        {
            Assert.Equal(HttpStatusCode.InsufficientStorage, answer.StatusCode);
            Assert.Contains("full", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal("old", Assert.Single((await artifacts.ListAsync()).Items).Path);
        Assert.Empty(Directory.GetFiles(disk.At("blobs/.slipway/uploads")));
        await artifacts.PutAsync("small", new MemoryStream(new byte[1000]));
    }

    [Fact]
    public async Task A_damaged_artifact_is_refused_at_reading_and_named_by_the_doctor()
    {
        await using var server = await SlipwayProcess.StartAsync();
        var artifacts = await ArtifactsAsync(server);
        foreach (var name in new[] { "good", "bad" })
            await artifacts.PutAsync(name, new MemoryStream(RandomNumberGenerator.GetBytes(100_000)));
        var file = Directory.GetFiles(Path.Combine(server.DataPath, "blobs"), "bad", SearchOption.AllDirectories)[0];
        await using (var damaged = File.OpenWrite(file))
        {
            damaged.Position = 50_000;
            damaged.Write([1, 2, 3, 4]);
        }

        var fault = await Assert.ThrowsAsync<Fault>(() => artifacts.GetAsync("bad", Stream.Null));
        var quick = await SlipwayCommand.RunAsync("doctor", "--data", server.DataPath);
        var deep = await SlipwayCommand.RunAsync("doctor", "--data", server.DataPath, "--read-artifacts");

        Assert.Equal("blob.damaged", fault.Code);
        Assert.Equal(0, quick.ExitCode);
        Assert.NotEqual(0, deep.ExitCode);
        Assert.Contains("/artifacts/bad", deep.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("/artifacts/good", deep.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("folder")]
    [InlineData("bucket")]
    public async Task A_large_artifact_costs_no_memory_in_either_direction(string store)
    {
        var megabytes = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LONG") == "1" ? 1024 : 128;
        string[] options = store == "bucket" ? ["--blobs", await s3.NewAddressAsync()] : [];
        await using var server = await SlipwayProcess.StartAsync(options);
        var artifacts = await ArtifactsAsync(server);
        await TransferAsync(artifacts, 8);
        var before = ResetPeak(server);

        await TransferAsync(artifacts, megabytes);

        var extra = Peak(server) - before;
        output.WriteLine($"{store}: {before} KiB before, {extra} KiB more at the peak of {megabytes} MiB up and down");
        Assert.True(extra <= 64 << 10, string.Create(CultureInfo.InvariantCulture, $"{extra} KiB for {megabytes} MiB"));
    }

    private const string Run = "0123456789abcdef0123456789abcdef";

    private static string Url(string path) => $"/api/v1/runs/{Run}/artifacts/{path}";

    private static async Task<ArtifactsClient> ArtifactsAsync(SlipwayProcess server)
    {
        var client = new SlipwayClient(server.Address);
        await client.Runs.EnsureAsync(Run, new RunCreate { Experiment = "uploads" });
        return client.ArtifactsOfRun(Run);
    }

    /// <summary>An upload that has sent a megabyte of eight and waits.</summary>
    private static async Task<TcpClient> BeginAsync(SlipwayProcess server, string path)
    {
        var client = new TcpClient();
        await client.ConnectAsync(server.Address.Host, server.Address.Port);
        var head = $"PUT {Url(path)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {8 << 20}\r\n\r\n";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head));
        await client.GetStream().WriteAsync(new byte[1 << 20]);
        return client;
    }

    private static string[] Leftovers(SlipwayProcess server) =>
        Directory.GetFiles(Path.Combine(server.DataPath, "blobs", ".slipway", "uploads"));

    private static async Task TransferAsync(ArtifactsClient artifacts, int megabytes)
    {
        var stored = await artifacts.PutAsync("large", new Pattern((long)megabytes << 20));
        Assert.Equal((long)megabytes << 20, stored.SizeBytes);
        await artifacts.GetAsync("large", Stream.Null);
    }

    /// <summary>What the process has in memory now, in KiB; its peak counts from here.</summary>
    private static long ResetPeak(SlipwayProcess server)
    {
        File.WriteAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}/clear_refs"), "5");
        return Status(server, "VmRSS:");
    }

    private static long Peak(SlipwayProcess server) => Status(server, "VmHWM:");

    private static long Status(SlipwayProcess server, string name)
    {
        var line = File.ReadLines(string.Create(CultureInfo.InvariantCulture, $"/proc/{server.Id}/status"))
            .First(line => line.StartsWith(name, StringComparison.Ordinal));
        return long.Parse(line[name.Length..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
    }

    private static async Task UntilAsync(Func<bool> reached, TimeSpan within)
    {
        var clock = Stopwatch.StartNew();
        while (!reached())
        {
            Assert.True(clock.Elapsed < within, "It did not come to that in time.");
            await Task.Delay(100);
        }
    }

    /// <summary>Bytes out of nothing.</summary>
    private sealed class Pattern(long size) : MemoryStream
    {
        private long left = size;

        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(left, buffer.Length);
            buffer.Span[..count].Fill((byte)(left >> 16));
            left -= count;
            return ValueTask.FromResult(count);
        }
    }
}
