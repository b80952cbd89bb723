using Microsoft.Extensions.Hosting;
using Slipway.Foundation.Http;

namespace Slipway.Host;

/// <summary>On SIGTERM and Ctrl+C, before the server closes its connections: lets those inside finish.</summary>
internal sealed class Drain(Intake intake, TimeProvider clock) : IHostedLifecycleService
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public Task StoppingAsync(CancellationToken cancellationToken) => intake.DrainAsync(Patience, clock);

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
