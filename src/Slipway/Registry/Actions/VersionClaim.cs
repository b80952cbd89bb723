using System.Globalization;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;
using Slipway.Registry.Storage;
using Slipway.Tracking;

namespace Slipway.Registry.Actions;

/// <summary>A registered version needs its files for as long as it is not deleted, whatever becomes of the run.</summary>
internal sealed class VersionClaim : IArtifactClaim
{
    public string? HolderOf(Tx tx, BlobPath folder)
    {
        var above = new List<string>();
        for (var place = folder; !place.IsRoot; place = place.Parent)
            above.Add(place.Value);
        return VersionStore.FindAt(tx, folder.Value, above) is var (model, version) && model is not null
            ? $"version {version.ToString(CultureInfo.InvariantCulture)} of the model '{model}'"
            : null;
    }
}
