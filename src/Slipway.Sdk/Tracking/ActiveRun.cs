using System.Globalization;
using Slipway.Sdk.Tracking.Outgoing;

namespace Slipway.Sdk.Tracking;

/// <summary>
/// A run that this process works on. What it is told is sent in the background: no call waits for the server or fails
/// because of it, and what cannot be sent waits on disk. End it with <see cref="FinishAsync"/>; a run that is disposed
/// without having finished has <see cref="RunStatus.Failed"/>, which is what an exception on the way does.
/// </summary>
/// <remarks>All members may be called from several threads.</remarks>
public sealed class ActiveRun : IAsyncDisposable
{
    private readonly RunWriter writer;
    private readonly TimeProvider clock;
    private int ended;

    private readonly long startMs;

    internal ActiveRun(Connection connection, RunLogging logging, string id, long startMs)
    {
        Id = id;
        this.startMs = startMs;
        clock = connection.Clock;
        writer = new RunWriter(connection, logging, id);
        Artifacts = new ArtifactsClient(connection, RunsClient.PathOf(id));
    }

    /// <summary>Its id: 32 hexadecimal digits.</summary>
    public string Id { get; }

    /// <summary>Its files. Unlike what is logged, they are transferred while the caller waits.</summary>
    public ArtifactsClient Artifacts { get; }

    /// <summary>
    /// Values of metrics that were lost because neither memory nor disk had room while the server was away. The run shows
    /// the number as its tag <c>slipway.dropped_points</c>.
    /// </summary>
    public long DroppedPoints => writer.DroppedPoints;

    /// <summary>
    /// Values that the server refused, such as a second value for a parameter; <see cref="LastFault"/> says why. The run
    /// shows the number as its tag <c>slipway.rejected_entries</c>.
    /// </summary>
    public long RejectedEntries => writer.Rejected;

    /// <summary>Requests that are still to be sent.</summary>
    public long Unsent => writer.Unsent;

    /// <summary>What keeps or kept something from being stored; null while all is well.</summary>
    public Fault? LastFault => writer.LastFault;

    /// <summary>Logs a value of a metric.</summary>
    public void Log(string key, double value, long step = 0) =>
        Say(
            new Saying
            {
                Metric = new MetricEntry
                {
                    Key = key,
                    Value = value,
                    Step = step,
                    TimestampMs = Now(),
                },
            }
        );

    /// <summary>Logs a value with all that can be said of it, such as the model and the dataset it was measured on.</summary>
    public void Log(MetricEntry metric) =>
        Say(new Saying { Metric = metric.TimestampMs is null ? metric with { TimestampMs = Now() } : metric });

    /// <summary>Logs values of several metrics at one step.</summary>
    public void Log(IEnumerable<KeyValuePair<string, double>> values, long step = 0)
    {
        foreach (var (key, value) in values)
            Log(key, value, step);
    }

    /// <summary>Logs a parameter. It keeps its first value; another one later is refused.</summary>
    public void Param(string key, object? value) => Say(new Saying { Param = new(key, Text(value)) });

    /// <summary>Logs several parameters.</summary>
    public void Params<T>(IEnumerable<KeyValuePair<string, T>> values)
    {
        foreach (var (key, value) in values)
            Param(key, value);
    }

    /// <summary>Sets a tag; the last value counts.</summary>
    public void Tag(string key, string value) => Say(new Saying { Tag = new(key, value) });

    /// <summary>Says what the run read and made.</summary>
    public void Link(RunLinks links) => Say(new Saying { Parcel = new Parcel { Links = links } });

    /// <summary>Completes when all that was logged so far is stored by the server, however long it is away.</summary>
    public Task FlushAsync(CancellationToken cancellation = default) =>
        Volatile.Read(ref ended) == 0 ? writer.FlushAsync(cancellation) : Task.CompletedTask;

    /// <summary>
    /// Ends the run and waits until the server has all of it; if that takes longer than
    /// <see cref="RunLogging.ClosePatience"/>, the rest stays on disk and is sent by a later client.
    /// </summary>
    public async Task FinishAsync(RunStatus status = RunStatus.Finished)
    {
        if (Interlocked.Exchange(ref ended, 1) != 0)
            return;
        writer.Say(
            new Saying
            {
                Parcel = new Parcel
                {
                    // A clock that was set back meanwhile must not let it end before it began.
                    Change = new RunChange { Status = status, EndMs = Math.Max(Now(), startMs) },
                },
            }
        );
        await writer.DisposeAsync();
    }

    /// <summary>Ends a run that was not finished as failed.</summary>
    public async ValueTask DisposeAsync() => await FinishAsync(RunStatus.Failed);

    internal void Start(RunCreate create) => writer.Say(new Saying { Parcel = new Parcel { Create = create } });

    private void Say(Saying saying)
    {
        if (Volatile.Read(ref ended) == 0)
            writer.Say(saying);
    }

    private static string Text(object? value) =>
        value switch
        {
            null => "",
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString() ?? "",
        };

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
