using System.Diagnostics;
using System.Globalization;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>
/// Fault F03: the server is killed on an artifact's way from its bytes to its name. Under the name lies the old content
/// or the new one, whole; what was half-way is nowhere to be seen, and is cleared away (<see cref="UploadTests"/>).
/// </summary>
public sealed class ArtifactCrashTests(S3Server s3)
{
    private const string Run = "0123456789abcdef0123456789abcdef";
    private const int Size = 1 << 20;
    private const int SizeInParts = 20 << 20;

    /// <summary>The system calls of an upload: its digest, its content made durable, its name, its name made durable.</summary>
    [Theory]
    [InlineData("fsetxattr", 1, false)]
    [InlineData("fsync", 1, false)]
    [InlineData("renameat", 1, false)]
    [InlineData("fsync", 2, true)]
    public async Task Killed_at_a_step_of_its_way_an_artifact_is_the_old_one_or_the_new_one(
        string call,
        int times,
        bool isNamed
    )
    {
        await using var server = await SlipwayProcess.StartAsync();
        await using (var client = new SlipwayClient(server.Address))
        {
            await client.Runs.EnsureAsync(Run, new RunCreate { Experiment = "crash" });
            await client.ArtifactsOfRun(Run).PutAsync("file", Content(1, Size));
        }
        using (await KillAtAsync(server, call, times))
            await UploadUntilGoneAsync(server, Size);

        await using var again = await server.StartAgainAsync();
        await using var after = new SlipwayClient(again.Address);
        Assert.Equal((isNamed ? 2 : 1, Size), await StoredAsync(after));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_at_the_completion_of_its_parts_an_artifact_in_a_bucket_is_the_old_one_or_the_new_one(
        bool reachesTheBucket
    )
    {
        var address = await s3.NewAddressAsync();
        var endpoint = address.Split("endpoint=")[1].Split('&')[0];
        await using var proxy = await FaultyProxy.StartAsync(endpoint);
        await using var server = await SlipwayProcess.StartAsync(
            "--blobs",
            address.Replace(endpoint, proxy.Address, StringComparison.Ordinal)
        );
        await using (var client = new SlipwayClient(server.Address))
        {
            await client.Runs.EnsureAsync(Run, new RunCreate { Experiment = "crash" });
            await client.ArtifactsOfRun(Run).PutAsync("file", Content(1, Size));
        }
        proxy.Seen.Clear();
        // Where the answer to the completion was lost, the server looks at the object next.
        proxy.Script = request =>
            Completes(request) ? new Trouble { LoseAnswer = reachesTheBucket, Hang = !reachesTheBucket }
            : IsCompleted(proxy, request) ? new Trouble { Hang = true }
            : null;
        var upload = UploadUntilGoneAsync(server, SizeInParts);
        await WaitForAsync(proxy, request => reachesTheBucket ? request.Method == "HEAD" : Completes(request));
        await server.KillAsync();
        await upload;

        proxy.Script = _ => null;
        await using var again = await server.StartAgainAsync();
        await using var after = new SlipwayClient(again.Address);
        Assert.Equal(reachesTheBucket ? (2, SizeInParts) : (1, Size), await StoredAsync(after));
    }

    private static bool Completes(ProxiedRequest request) =>
        request.Method == "POST" && request.Query.Contains("uploadId", StringComparison.Ordinal);

    private static bool IsCompleted(FaultyProxy proxy, ProxiedRequest request) =>
        request.Method == "HEAD" && proxy.Seen.Any(Completes);

    private static async Task WaitForAsync(FaultyProxy proxy, Func<ProxiedRequest, bool> last)
    {
        for (var i = 0; i < 500 && !(proxy.Seen.Any(Completes) && last(proxy.Seen.Last())); i++)
            await Task.Delay(20);
        Assert.True(last(proxy.Seen.Last()));
    }

    /// <summary>Waits until the server is traced; from then on its n-th call of this name is the last thing it does.</summary>
    private static async Task<Process> KillAtAsync(SlipwayProcess server, string call, int times)
    {
        var inject = string.Create(CultureInfo.InvariantCulture, $"inject={call}:signal=KILL:when={times}");
        var id = server.Id.ToString(CultureInfo.InvariantCulture);
        var strace = Process.Start(
            new ProcessStartInfo("strace", ["-f", "-e", $"trace={call}", "-e", inject, "-o", "/dev/null", "-p", id])
            {
                UseShellExecute = false,
                RedirectStandardError = true,
            }
        )!;
        while (await strace.StandardError.ReadLineAsync() is { } line)
        {
            if (line.Contains("attached", StringComparison.Ordinal))
                break;
        }
        // The threads that it finds one after another.
        await Task.Delay(500);
        _ = strace.StandardError.ReadToEndAsync();
        return strace;
    }

    private static async Task UploadUntilGoneAsync(SlipwayProcess server, int size)
    {
        using var content = new StreamContent(Content(2, size));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() =>
            server.Http.PutAsync($"/api/v1/runs/{Run}/artifacts/file", content)
        );
        await server.EndedAsync(TimeSpan.FromSeconds(10));
    }

    /// <summary>Which content it is, all of it, and its size; and that there is nothing beside it.</summary>
    private static async Task<(int Version, int Size)> StoredAsync(SlipwayClient client)
    {
        var artifacts = client.ArtifactsOfRun(Run);
        Assert.Equal("file", Assert.Single((await artifacts.ListAsync()).Items).Path);
        using var content = new MemoryStream();
        await artifacts.GetAsync("file", content);
        var bytes = content.ToArray();
        Assert.DoesNotContain(bytes, b => b != bytes[0]);
        return (bytes[0], bytes.Length);
    }

    private static MemoryStream Content(byte version, int size)
    {
        var bytes = new byte[size];
        Array.Fill(bytes, version);
        return new MemoryStream(bytes);
    }
}
