using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Sdk.Tracking.Outgoing;

/// <summary>
/// One request of a run on its way to the server; exactly one of its parts is there. Each may be sent again without
/// harm, so a parcel whose answer was lost simply stays first in line.
/// </summary>
internal sealed record Parcel
{
    public RunCreate? Create { get; init; }

    public RunLog? Log { get; init; }

    public RunLinks? Links { get; init; }

    public RunChange? Change { get; init; }

    /// <summary>How many values would be lost with it.</summary>
    [JsonIgnore]
    public int Entries => Log is null ? 1 : Log.Metrics.Count + Log.Params.Count + Log.Tags.Count;

    public byte[] ToLine() => [.. JsonSerializer.SerializeToUtf8Bytes(this, ParcelJson.Default.Parcel), (byte)'\n'];

    /// <summary>Null for a line that a dying process left unfinished.</summary>
    public static Parcel? FromLine(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, ParcelJson.Default.Parcel);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Two parcels that log the same together.</summary>
    public (Parcel First, Parcel Second) Split()
    {
        var log = Log!;
        var half = Entries / 2;
        var metrics = Math.Min(half, log.Metrics.Count);
        var parameters = Math.Min(half - metrics, log.Params.Count);
        var tags = half - metrics - parameters;
        var first = new RunLog
        {
            Metrics = [.. log.Metrics.Take(metrics)],
            Params = new Dictionary<string, string>(log.Params.Take(parameters)),
            Tags = new Dictionary<string, string>(log.Tags.Take(tags)),
        };
        var second = new RunLog
        {
            Metrics = [.. log.Metrics.Skip(metrics)],
            Params = new Dictionary<string, string>(log.Params.Skip(parameters)),
            Tags = new Dictionary<string, string>(log.Tags.Skip(tags)),
        };
        return (new Parcel { Log = first }, new Parcel { Log = second });
    }
}

[JsonSourceGenerationOptions(
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(RunStatusConverter)]
)]
[JsonSerializable(typeof(Parcel))]
internal sealed partial class ParcelJson : JsonSerializerContext;
