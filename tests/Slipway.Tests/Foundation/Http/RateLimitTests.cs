using System.Net;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Http;

public sealed class RateLimitTests
{
    [Fact]
    public async Task A_caller_beyond_the_rate_is_told_to_wait_and_may_go_on_afterwards()
    {
        await using var server = await SlipwayProcess.StartAsync("--rate-limit", "5");
        var statuses = new List<HttpStatusCode>();
        TimeSpan? wait = null;
        for (var i = 0; i < 40; i++)
        {
            using var answer = await server.Http.GetAsync("/api/2.0/mlflow/experiments/get?experiment_id=0");
            statuses.Add(answer.StatusCode);
            wait ??= answer.Headers.RetryAfter?.Delta;
        }

        Assert.InRange(statuses.Count(status => status == HttpStatusCode.OK), 10, 39);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        Assert.Equal(TimeSpan.FromSeconds(1), wait);
        Assert.Equal("OK", await server.Http.GetStringAsync("/health"));

        await Task.Delay(TimeSpan.FromSeconds(1.5));
        Assert.Equal(
            HttpStatusCode.OK,
            (await server.Http.GetAsync("/api/2.0/mlflow/experiments/get?experiment_id=0")).StatusCode
        );
    }
}
