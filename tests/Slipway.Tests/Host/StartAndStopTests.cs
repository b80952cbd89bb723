using System.Net;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

public sealed class StartAndStopTests
{
    [Fact]
    public async Task A_started_server_answers_and_ends_with_zero_on_SIGTERM()
    {
        await using var server = await SlipwayProcess.StartAsync();

        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("/api/v1/health")).StatusCode);

        Assert.Equal(0, await server.StopAsync());
        Assert.False(File.Exists(Path.Combine(server.DataPath, "slipway.pid")));
    }

    [Fact]
    public async Task A_second_server_on_the_same_folder_is_refused_by_name_of_the_holder()
    {
        await using var first = await SlipwayProcess.StartAsync();

        var refusal = await Assert.ThrowsAsync<SlipwayEndedException>(() =>
            SlipwayProcess.StartAsync(new SlipwayStart { DataPath = first.DataPath })
        );

        Assert.Equal(78, refusal.ExitCode);
        Assert.Contains($"process {first.Id} on {Environment.MachineName}", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await first.Http.GetAsync("/api/v1/health")).StatusCode);
    }

    [Fact]
    public async Task The_lock_of_a_killed_server_is_free()
    {
        await using var first = await SlipwayProcess.StartAsync();
        await first.KillAsync();

        await using var second = await first.StartAgainAsync();

        Assert.Equal(HttpStatusCode.OK, (await second.Http.GetAsync("/api/v1/health")).StatusCode);
    }
}
