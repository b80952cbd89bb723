using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

namespace Slipway.Foundation.Telemetry;

/// <summary>All series of one instrument: one per set of labels that was seen.</summary>
internal sealed class MetricFamily
{
    // Labels come from code and route templates, so this is a bound against a mistake and not a policy.
    private const int SeriesLimit = 2000;

    // Finer at the low end than OpenTelemetry's advice: most of our requests take less than its first step.
    private static readonly double[] Seconds =
    [
        0.00025,
        0.0005,
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
    ];

    private static readonly double[] Counts = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];

    private readonly ConcurrentDictionary<int, MetricSeries> series = new();
    private readonly string help;
    private readonly string type;
    private readonly Func<KeyValuePair<string, object?>[], MetricSeries> create;
    private int count;

    private MetricFamily(
        string name,
        string help,
        string type,
        Func<KeyValuePair<string, object?>[], MetricSeries> create
    )
    {
        Name = name;
        this.help = help;
        this.type = type;
        this.create = create;
    }

    public string Name { get; }

    public static MetricFamily For(Instrument instrument)
    {
        var kind = instrument.GetType().Name;
        var about = instrument.Description ?? instrument.Name;
        if (kind.StartsWith("Histogram", StringComparison.Ordinal))
        {
            var bounds = instrument.Unit == "s" ? Seconds : Counts;
            return new(
                PrometheusName(instrument, ""),
                about,
                "histogram",
                labels => new HistogramSeries(labels, bounds)
            );
        }
        if (kind.StartsWith("Counter", StringComparison.Ordinal))
            return new(PrometheusName(instrument, "_total"), about, "counter", labels => new SumSeries(labels));
        if (kind.StartsWith("UpDownCounter", StringComparison.Ordinal))
            return new(PrometheusName(instrument, ""), about, "gauge", labels => new SumSeries(labels));
        return kind.StartsWith("ObservableCounter", StringComparison.Ordinal)
            ? new(PrometheusName(instrument, "_total"), about, "counter", labels => new LastSeries(labels))
            : new(PrometheusName(instrument, ""), about, "gauge", labels => new LastSeries(labels));
    }

    public void Record(double value, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        SeriesOf(labels)?.Record(value);

    public void Write(StringBuilder text)
    {
        if (series.IsEmpty)
            return;
        text.Append("# HELP ").Append(Name).Append(' ').Append(help.ReplaceLineEndings(" ")).Append('\n');
        text.Append("# TYPE ").Append(Name).Append(' ').Append(type).Append('\n');
        foreach (var first in series.Values)
        {
            for (var one = first; one is not null; one = one.Next)
                one.Write(text, Name);
        }
    }

    private MetricSeries? SeriesOf(ReadOnlySpan<KeyValuePair<string, object?>> labels)
    {
        var hash = new HashCode();
        foreach (var label in labels)
            hash.Add(label.Value);
        var key = hash.ToHashCode();
        MetricSeries? last = null;
        if (series.TryGetValue(key, out var one))
        {
            for (; one is not null; last = one, one = one.Next)
            {
                if (one.Has(labels))
                    return one;
            }
        }
        return Add(key, labels.ToArray());
    }

    /// <summary>Two sets of labels with the same hash share a place and stand in a row.</summary>
    private MetricSeries? Add(int key, KeyValuePair<string, object?>[] labels)
    {
        lock (series)
        {
            series.TryGetValue(key, out var first);
            for (var one = first; one is not null; one = one.Next)
            {
                if (one.Has(labels))
                    return one;
            }
            if (count >= SeriesLimit)
                return null;
            count++;
            var added = create(labels);
            added.Next = first;
            series[key] = added;
            return added;
        }
    }

    /// <summary>"http.server.request.duration" in seconds is http_server_request_duration_seconds.</summary>
    private static string PrometheusName(Instrument instrument, string suffix)
    {
        var unit = instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        return instrument.Name.Replace('.', '_') + unit + suffix;
    }
}

/// <summary>The value of an instrument for one set of labels.</summary>
internal abstract class MetricSeries(KeyValuePair<string, object?>[] labels)
{
    private readonly string written = string.Join(
        ',',
        labels.Select(label => $"{label.Key.Replace('.', '_')}=\"{Escaped(label.Value)}\"")
    );

    public MetricSeries? Next { get; set; }

    public bool Has(ReadOnlySpan<KeyValuePair<string, object?>> others)
    {
        if (others.Length != labels.Length)
            return false;
        for (var i = 0; i < labels.Length; i++)
        {
            if (labels[i].Key != others[i].Key || !Equals(labels[i].Value, others[i].Value))
                return false;
        }
        return true;
    }

    public abstract void Record(double value);

    public abstract void Write(StringBuilder text, string name);

    protected void WriteLine(StringBuilder text, string name, string more, double value)
    {
        text.Append(name);
        if (written.Length + more.Length > 0)
            text.Append('{')
                .Append(written)
                .Append(written.Length * more.Length > 0 ? "," : "")
                .Append(more)
                .Append('}');
        text.Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    private static string Escaped(object? value)
    {
        var text = value is bool flag
            ? (flag ? "true" : "false")
            : Convert.ToString(value, CultureInfo.InvariantCulture);
        return (text ?? "")
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
    }
}

internal sealed class SumSeries(KeyValuePair<string, object?>[] labels) : MetricSeries(labels)
{
    private double sum;

    public override void Record(double value) => AtomicSum.Add(ref sum, value);

    public override void Write(StringBuilder text, string name) => WriteLine(text, name, "", Volatile.Read(ref sum));
}

internal sealed class LastSeries(KeyValuePair<string, object?>[] labels) : MetricSeries(labels)
{
    private double last;

    public override void Record(double value) => Volatile.Write(ref last, value);

    public override void Write(StringBuilder text, string name) => WriteLine(text, name, "", Volatile.Read(ref last));
}

internal sealed class HistogramSeries(KeyValuePair<string, object?>[] labels, double[] bounds) : MetricSeries(labels)
{
    private readonly long[] buckets = new long[bounds.Length + 1];
    private double sum;

    public override void Record(double value)
    {
        var i = 0;
        while (i < bounds.Length && value > bounds[i])
            i++;
        Interlocked.Increment(ref buckets[i]);
        AtomicSum.Add(ref sum, value);
    }

    public override void Write(StringBuilder text, string name)
    {
        var upTo = 0L;
        for (var i = 0; i < buckets.Length; i++)
        {
            upTo += Volatile.Read(ref buckets[i]);
            var bound = i < bounds.Length ? bounds[i].ToString("R", CultureInfo.InvariantCulture) : "+Inf";
            WriteLine(text, $"{name}_bucket", $"le=\"{bound}\"", upTo);
        }
        WriteLine(text, $"{name}_sum", "", Volatile.Read(ref sum));
        WriteLine(text, $"{name}_count", "", upTo);
    }
}

internal static class AtomicSum
{
    public static void Add(ref double sum, double value)
    {
        double before;
        do before = Volatile.Read(ref sum);
        while (Interlocked.CompareExchange(ref sum, before + value, before) != before);
    }
}
