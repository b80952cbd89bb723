namespace Slipway.Sdk.Tracking.Outgoing;

/// <summary>One thing that a run was told.</summary>
internal readonly record struct Saying
{
    public MetricEntry? Metric { get; init; }

    public KeyValuePair<string, string>? Param { get; init; }

    public KeyValuePair<string, string>? Tag { get; init; }

    /// <summary>A request of its own.</summary>
    public Parcel? Parcel { get; init; }

    /// <summary>Wants to know when all that was said before is stored.</summary>
    public TaskCompletionSource<Task>? Flush { get; init; }
}

/// <summary>Gathers what a run is told into parcels as large as the server takes them, in the order of saying.</summary>
internal sealed class BatchBuilder(Action<Parcel> send)
{
    private const int EntryLimit = 1000;
    private const int TextLimit = 100;

    private List<MetricEntry> metrics = [];
    private Dictionary<string, string> parameters = [];
    private Dictionary<string, string> tags = [];

    public void Add(Saying saying)
    {
        if (saying.Metric is { } metric)
        {
            metrics.Add(metric);
        }
        else if (saying.Param is { } parameter)
        {
            // A second value for a parameter is refused by the server, and only that.
            if (parameters.TryGetValue(parameter.Key, out var known) && known != parameter.Value)
                Cut();
            parameters[parameter.Key] = parameter.Value;
        }
        else if (saying.Tag is { } tag)
        {
            tags[tag.Key] = tag.Value;
        }
        else if (saying.Parcel is { } parcel)
        {
            Cut();
            send(parcel);
        }
        if (
            metrics.Count + parameters.Count + tags.Count >= EntryLimit
            || parameters.Count >= TextLimit
            || tags.Count >= TextLimit
        )
            Cut();
    }

    public void Cut()
    {
        if (metrics.Count + parameters.Count + tags.Count == 0)
            return;
        send(
            new Parcel
            {
                Log = new RunLog
                {
                    Metrics = metrics,
                    Params = parameters,
                    Tags = tags,
                },
            }
        );
        (metrics, parameters, tags) = ([], [], []);
    }
}
