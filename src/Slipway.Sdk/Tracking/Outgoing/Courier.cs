namespace Slipway.Sdk.Tracking.Outgoing;

/// <summary>
/// Brings parcels of one run to the server. Of a parcel that the server refuses because of something in it, all else is
/// brought: it is sent in halves until what is refused stands alone.
/// </summary>
internal sealed class Courier(Connection connection, string runId)
{
    private const int DefectPatience = 5;

    private readonly string path = RunsClient.PathOf(runId);
    private int defects;

    /// <summary>How many values the server refused for good.</summary>
    public long Rejected { get; private set; }

    /// <summary>Why it refused the last of them.</summary>
    public Fault? LastRefusal { get; private set; }

    /// <summary>Whether a parcel that met this fault may be taken later.</summary>
    public static bool IsWorthWaiting(Fault fault) =>
        fault.Kind is FaultKind.Unavailable or FaultKind.Busy or FaultKind.Unauthenticated or FaultKind.Denied;

    /// <summary>Done when it returns: stored, or refused and counted. A fault says that it has to be tried later.</summary>
    public async Task BringAsync(Parcel parcel, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(parcel, cancellation);
            defects = 0;
        }
        catch (Fault fault)
            when (IsWorthWaiting(fault) || (fault.Kind is FaultKind.Internal && ++defects < DefectPatience))
        {
            throw;
        }
        catch (Fault fault) when (parcel.Log is not null && parcel.Entries > 1 && MayBeOneOfThem(fault))
        {
            var (first, second) = parcel.Split();
            await BringAsync(first, cancellation);
            await BringAsync(second, cancellation);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            defects = 0;
            Rejected += parcel.Entries;
            LastRefusal =
                e as Fault ?? Fault.Invalid("client.unsendable", $"Something logged cannot be sent: {e.Message}");
        }
    }

    /// <summary>A run that is gone takes nothing; otherwise one value may be what the server does not like.</summary>
    private static bool MayBeOneOfThem(Fault fault) => fault is { Kind: FaultKind.Invalid, Code: not "run.deleted" };

    private Task SendAsync(Parcel parcel, CancellationToken cancellation)
    {
        var call =
            parcel.Create is not null ? Call.With(HttpMethod.Put, path, parcel.Create, TrackingJson.Default.RunCreate)
            : parcel.Log is not null
                ? Call.With(HttpMethod.Post, $"{path}/log", parcel.Log, TrackingJson.Default.RunLog)
            : parcel.Links is not null
                ? Call.With(HttpMethod.Post, $"{path}/links", parcel.Links, TrackingJson.Default.RunLinks)
            : Call.With(HttpMethod.Patch, path, parcel.Change!, TrackingJson.Default.RunChange);
        // Repeating is the sender's business, which has all the time of the training.
        return connection.SendAsync(call.Once(), cancellation);
    }
}
