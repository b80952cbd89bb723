using System.Globalization;
using System.Text.Json;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Foundation.Sql;
using Slipway.Governance.Actions;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Sdk;

namespace Slipway.Governance.Jobs;

/// <summary>
/// Scans each version that is registered. The event of its registration puts the job in, so that no version is left out,
/// however often the server dies; a version that is gone by then needs none.
/// </summary>
internal sealed class ScanJob(VersionScans scans, ModelVersions versions)
{
    public EventSubscription Listener => new("governance.scans", Hear);

    public JobKind Kind => new(VersionScans.Kind, RunAsync);

    private void Hear(Tx tx, SealedEvent heard)
    {
        if (heard.Event.Kind != RegistryEvents.VersionCreated)
            return;
        var (name, version, isPrompt) = Read(heard.Event.Payload);
        if (!isPrompt)
            scans.Ask(tx, heard.Event.Workspace, name, version);
    }

    private async Task RunAsync(Job job, CancellationToken cancellation)
    {
        using var payload = JsonDocument.Parse(job.Payload);
        var workspace = payload.RootElement.GetProperty("workspace").GetString()!;
        var (name, number, _) = Read(job.Payload);
        // The server does it by itself, for nobody.
        var caller = Caller.Operator(user: "", workspace);
        try
        {
            var version = await versions.GetAsync(caller, name, number, cancellation);
            await scans.EnsureInJobAsync(caller, version, cancellation);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.NotFound)
        {
            // It was deleted or renamed meanwhile; a promotion asks anew.
        }
    }

    private static (string Name, int Version, bool IsPrompt) Read(string document)
    {
        using var payload = JsonDocument.Parse(document);
        var root = payload.RootElement;
        return (
            root.GetProperty("name").GetString()!,
            int.Parse(root.GetProperty("version").GetString()!, CultureInfo.InvariantCulture),
            root.TryGetProperty("prompt", out var prompt) && prompt.ValueKind == JsonValueKind.True
        );
    }
}
