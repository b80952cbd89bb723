using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// So many requests a second for each caller, so that one script gone wild does not take the server from everybody else.
/// A caller may save up two seconds' worth for a burst. What needs no sign-in (probes, pages) is not counted.
/// </summary>
public sealed class RateLimit : IDisposable
{
    private const int BurstSeconds = 2;

    private readonly PartitionedRateLimiter<HttpContext> limiter;

    public RateLimit(int requestsPerSecond, Func<HttpContext, string> callerOf)
    {
        var bucket = new TokenBucketRateLimiterOptions
        {
            TokenLimit = requestsPerSecond * BurstSeconds,
            TokensPerPeriod = requestsPerSecond,
            ReplenishmentPeriod = TimeSpan.FromSeconds(1),
        };
        limiter = PartitionedRateLimiter.Create<HttpContext, string>(
            context => RateLimitPartition.GetTokenBucketLimiter(callerOf(context), _ => bucket),
            StringComparer.Ordinal
        );
    }

    public void Use(IApplicationBuilder app) =>
        app.Use(
            (context, next) =>
            {
                Admit(context);
                return next(context);
            }
        );

    public void Dispose() => limiter.Dispose();

    private void Admit(HttpContext context)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            return;
        using var lease = limiter.AttemptAcquire(context);
        if (lease.IsAcquired)
            return;
        throw new Fault(
            FaultKind.Busy,
            "request.rate",
            "You send more requests a second than this server grants to one caller."
        )
        {
            RetryAfter = TimeSpan.FromSeconds(1),
        };
    }
}
