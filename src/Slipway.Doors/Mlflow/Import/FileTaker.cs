using System.Security.Cryptography;
using Slipway.Foundation.Blobs;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking;
using ArtifactVerbs = Slipway.Tracking.Actions.Artifacts;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>Brings the files of runs, models and traces over; one that is here already is told by its digest.</summary>
internal sealed class FileTaker(
    ArtifactVerbs artifacts,
    Caller caller,
    ImportLedger ledger,
    CancellationToken cancellation
)
{
    public async Task TakeAsync(ForeignFiles files, string of, Func<BlobPath, ArtifactName> name)
    {
        if (files.Files is null)
        {
            ledger.Note("artifacts", files.Why!, of);
            return;
        }
        try
        {
            await foreach (var file in files.Files.WithCancellation(cancellation))
                await TakeAsync(file, of, name);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Invalid)
        {
            ledger.Note("artifacts", $"they cannot be listed: {fault.Message}", of);
        }
    }

    private async Task TakeAsync(ForeignFile file, string of, Func<BlobPath, ArtifactName> name)
    {
        try
        {
            ledger.Artifacts.Add(1, await StoreAsync(file, name(BlobPath.Parse(file.Path))) ? 1 : 0);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Invalid or FaultKind.Conflict or FaultKind.NotFound)
        {
            ledger.Refuse(ledger.Artifacts, "artifact", fault.Message, $"{file.Path} {of}");
        }
    }

    /// <summary>Stores a file unless the same is here; says whether it did.</summary>
    private async Task<bool> StoreAsync(ForeignFile file, ArtifactName name)
    {
        if (await FindAsync(name) is { Sha256: { } known })
        {
            await using var seen = await file.OpenAsync(cancellation);
            if (Convert.ToHexStringLower(await SHA256.HashDataAsync(seen, cancellation)) == known)
                return false;
        }
        await using var content = await file.OpenAsync(cancellation);
        await artifacts.PutAsync(caller, name, content, cancellation);
        return true;
    }

    private async Task<Blob?> FindAsync(ArtifactName name)
    {
        try
        {
            return await artifacts.FindAsync(caller, name, cancellation);
        }
        catch (Fault fault) when (fault.Kind == FaultKind.NotFound)
        {
            return null;
        }
    }
}
