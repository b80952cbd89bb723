using Slipway.Foundation.Blobs;
using Slipway.Foundation.Sql;

namespace Slipway.Tracking;

/// <summary>
/// The question that this slice owns and upper ones answer: does something that stands need the files of this folder?
/// It is asked inside the transaction that purges what the folder belongs to, and again before files are removed.
/// </summary>
public interface IArtifactClaim
{
    /// <summary>What needs files in the folder or beneath it, in words that follow "needed by"; null where nothing does.</summary>
    string? HolderOf(Tx tx, BlobPath folder);
}
