namespace Slipway.Sdk.Tracking;

/// <summary>What became of runs that earlier processes could not send to the end.</summary>
public sealed record SpoolReport
{
    /// <summary>Runs of which all is sent now.</summary>
    public int Runs { get; init; }

    /// <summary>Runs of which something is still on disk.</summary>
    public int Left { get; init; }

    /// <summary>Values that the server refused for good.</summary>
    public long Rejected { get; init; }

    /// <summary>What kept the last of the runs left from being sent.</summary>
    public Fault? Fault { get; init; }
}
