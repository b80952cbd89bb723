using System.Globalization;

namespace Slipway.Tracing;

/// <summary>How many tokens a model call took, and all calls of a trace together.</summary>
public sealed record TokenUsage(long Input, long Output, long Total)
{
    private const string InputKey = "input_tokens";
    private const string OutputKey = "output_tokens";
    private const string TotalKey = "total_tokens";
    private const string CacheReadKey = "cache_read_input_tokens";
    private const string CacheWriteKey = "cache_creation_input_tokens";

    public long? CacheRead { get; init; }

    public long? CacheWrite { get; init; }

    /// <summary>Reads what an attribute or the metadata of a trace says: a map, or JSON of one.</summary>
    public static TokenUsage? Of(AnyValue? value)
    {
        if (value is AnyValue.Text text)
            value = AnyValue.ParseJson(text.Value);
        if (value is not AnyValue.Map map)
            return null;
        var input = Count(map[InputKey]);
        var output = Count(map[OutputKey]);
        var total = Count(map[TotalKey]);
        return input is null && output is null && total is null
            ? null
            : new TokenUsage(input ?? 0, output ?? 0, total ?? (input ?? 0) + (output ?? 0))
            {
                CacheRead = Count(map[CacheReadKey]),
                CacheWrite = Count(map[CacheWriteKey]),
            };
    }

    /// <summary>A count, which some libraries send as a text or with a decimal point; what is not above zero is none.</summary>
    public static long? Count(AnyValue? value) =>
        value switch
        {
            AnyValue.Whole whole when whole.Value >= 0 => whole.Value,
            AnyValue.Number number when number.Value is >= 0 and < 1L << 53 => (long)number.Value,
            AnyValue.Text text
                when long.TryParse(text.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) => count,
            _ => null,
        };

    public AnyValue.Map ToValue()
    {
        var entries = new List<KeyValuePair<string, AnyValue>>
        {
            KeyValuePair.Create<string, AnyValue>(InputKey, new AnyValue.Whole(Input)),
            KeyValuePair.Create<string, AnyValue>(OutputKey, new AnyValue.Whole(Output)),
            KeyValuePair.Create<string, AnyValue>(TotalKey, new AnyValue.Whole(Total)),
        };
        if (CacheRead is { } read)
            entries.Add(KeyValuePair.Create<string, AnyValue>(CacheReadKey, new AnyValue.Whole(read)));
        if (CacheWrite is { } written)
            entries.Add(KeyValuePair.Create<string, AnyValue>(CacheWriteKey, new AnyValue.Whole(written)));
        return new AnyValue.Map(entries);
    }
}
