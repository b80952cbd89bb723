using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.Hosting;
using Slipway.Foundation.Http;

namespace Slipway.Host;

/// <summary>
/// On SIGTERM and Ctrl+C, before the server closes its connections: lets those inside finish. Whoever asks a second time
/// does not want to wait for that.
/// </summary>
internal sealed class Drain(Intake intake, IServer server, TimeProvider clock) : IHostedLifecycleService
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        using var hurry = new CancellationTokenSource();
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hasten);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hasten);
        await intake.DrainAsync(Patience, clock, hurry.Token);
        if (hurry.IsCancellationRequested)
            await server.StopAsync(new CancellationToken(canceled: true));

        void Hasten(PosixSignalContext signal)
        {
            signal.Cancel = true;
            hurry.Cancel();
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
