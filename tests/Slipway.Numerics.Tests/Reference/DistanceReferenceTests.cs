using System.Text.Json;
using Slipway.Numerics.Drift;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>Distances of stored statistics, as TFDV's comparators take them.</summary>
public sealed class DistanceReferenceTests
{
    public static TheoryData<string, string, int> Cases =>
        ReferenceCases.Of(
            "tfdv-anomaly-cases/1",
            "jensen_shannon_divergence",
            "l_infinity",
            "normalized_abs_difference"
        );

    [Theory]
    [MemberData(nameof(Cases))]
    public void Distance_equals_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var checks = new Checks(id);
        var expected = item.GetProperty("expect");
        var kind = item.GetProperty("kind").GetString();
        checks.Number(
            kind!,
            expected.TryGetProperty("value", out var value) ? value : expected,
            () =>
                kind switch
                {
                    "jensen_shannon_divergence" => JensenShannon(item),
                    "l_infinity" => Divergence.LInfinity(Counts(item)),
                    _ => Divergence.NormalizedAbsoluteDifference(Counts(item)),
                },
            0,
            expected.TryGetProperty("tolerance", out var tolerance) ? tolerance.GetDouble() : 0
        );
        checks.Verdict();
    }

    private static double JensenShannon(JsonElement item)
    {
        JsonElement a = item.GetProperty("a"),
            b = item.GetProperty("b");
        if (a.TryGetProperty("string_stats", out var first))
            return Divergence.JensenShannon(PairedCounts.Of(Ranks(first), Ranks(b.GetProperty("string_stats"))));
        var type = item.TryGetProperty("histogram", out var asked) ? asked.GetString()! : "STANDARD";
        var (aBuckets, aNan) = Histogram(a, type);
        var (bBuckets, bNan) = Histogram(b, type);
        return HistogramDivergence.JensenShannon(aBuckets, bBuckets, aNan, bNan);
    }

    private static (HistogramBucket[] Buckets, double Nan) Histogram(JsonElement feature, string type)
    {
        foreach (var histogram in feature.GetProperty("num_stats").GetProperty("histograms").EnumerateArray())
        {
            if ((histogram.TryGetProperty("type", out var found) ? found.GetString() : "STANDARD") != type)
                continue;
            HistogramBucket[] buckets = histogram.TryGetProperty("buckets", out var list)
                ?
                [
                    .. list.EnumerateArray()
                        .Select(bucket => new HistogramBucket(
                            Number(bucket, "low_value"),
                            Number(bucket, "high_value"),
                            Number(bucket, "sample_count")
                        )),
                ]
                : [];
            return (buckets, Number(histogram, "num_nan"));
        }
        throw new NotComputableException($"The statistics hold no histogram of type {type}.");
    }

    private static Dictionary<string, double> Ranks(JsonElement statistics) =>
        statistics.GetProperty("rank_histogram").TryGetProperty("buckets", out var buckets)
            ? buckets
                .EnumerateArray()
                .ToDictionary(b => b.GetProperty("label").GetString()!, b => Number(b, "sample_count"))
            : [];

    private static PairedCounts Counts(JsonElement item) =>
        PairedCounts.Of(Read(item.GetProperty("a_counts")), Read(item.GetProperty("b_counts")));

    private static Dictionary<string, double> Read(JsonElement counts) =>
        counts.EnumerateObject().ToDictionary(c => c.Name, c => Checks.Read(c.Value));

    private static double Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) ? Checks.Read(value) : 0;
}
