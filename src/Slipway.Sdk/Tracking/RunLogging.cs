namespace Slipway.Sdk.Tracking;

/// <summary>How a run logs in the background: in batches, and onto the disk while the server is away.</summary>
public sealed record RunLogging
{
    /// <summary>How long a value waits for others before it is sent.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How many values may wait in memory; a training that outruns even the disk loses the rest, counted.</summary>
    public int QueueLength { get; init; } = 100_000;

    /// <summary>
    /// The folder for what cannot be sent: one folder in it for each run. A later client of the same server sends what it
    /// finds there.
    /// </summary>
    public string SpoolFolder { get; init; } = DefaultSpoolFolder;

    /// <summary>How much a run may have on disk. Beyond it, values of metrics are dropped and counted.</summary>
    public long SpoolLimitBytes { get; init; } = 256L << 20;

    /// <summary>How long the end of a run waits for the server before the rest goes to the disk.</summary>
    public TimeSpan ClosePatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Lets a run start while the server is away; where this is not set, that is a fault.</summary>
    public bool StartWithoutServer { get; init; }

    private static string DefaultSpoolFolder
    {
        get
        {
            var home = Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData);
            return Path.Combine(home.Length > 0 ? home : Path.GetTempPath(), "slipway", "spool");
        }
    }
}
