using System.Globalization;
using Slipway.Foundation.Blobs;

namespace Slipway.Tracking;

/// <summary>
/// The addresses under which clients know artifacts that this server keeps: <c>mlflow-artifacts:/</c> and a place in its
/// store, whose first segment is the experiment it belongs to. Any other address is somebody else's.
/// </summary>
public static class ArtifactAddress
{
    private const string Scheme = "mlflow-artifacts:";

    public static string Of(BlobPath place) => $"{Scheme}/{place}";

    /// <summary>The place that an address means; null where it lies outside of this server.</summary>
    public static BlobPath? Place(string address)
    {
        if (!address.StartsWith(Scheme, StringComparison.Ordinal))
            return null;
        var rest = address.AsSpan(Scheme.Length);
        // Three slashes are one: an address without a host. Two name the host of another server.
        if (rest.StartsWith("///"))
            rest = rest[2..];
        if (!rest.StartsWith("/") || rest.StartsWith("//") || rest.Contains('?'))
            return null;
        var path = rest[1..].ToString();
        return path.Length == 0 ? BlobPath.Root : BlobPath.TryParse(path);
    }

    /// <summary>Whether artifacts that were left elsewhere are now to be kept by this server.</summary>
    internal static bool HasComeHome(string before, string now) => Place(before) is null && Place(now) is not null;

    /// <summary>The experiment that a place belongs to; null where it begins with something else.</summary>
    public static long? ExperimentOf(BlobPath place) =>
        !place.IsRoot
        && long.TryParse(place.Segments[0], NumberStyles.None, CultureInfo.InvariantCulture, out var id)
        && place.Segments[0] == id.ToString(CultureInfo.InvariantCulture)
            ? id
            : null;
}
