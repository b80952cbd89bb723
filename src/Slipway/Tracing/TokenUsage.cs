using System.Globalization;

namespace Slipway.Tracing;

/// <summary>How many tokens a model call took, and all calls of a trace together; null where nothing is said.</summary>
public sealed record TokenUsage(long? Input, long? Output, long? Total)
{
    private const string InputKey = "input_tokens";
    private const string OutputKey = "output_tokens";
    private const string TotalKey = "total_tokens";
    private const string CacheReadKey = "cache_read_input_tokens";
    private const string CacheWriteKey = "cache_creation_input_tokens";

    public long? CacheRead { get; init; }

    public long? CacheWrite { get; init; }

    public bool IsNone => Input is null && Output is null && Total is null;

    /// <summary>Reads what an attribute or the metadata of a trace says: a map, or JSON of one.</summary>
    public static TokenUsage? Of(AnyValue? value)
    {
        if (value is AnyValue.Text text)
            value = AnyValue.ParseJson(text.Value);
        if (value is not AnyValue.Map map)
            return null;
        var usage = new TokenUsage(Count(map[InputKey]), Count(map[OutputKey]), Count(map[TotalKey]))
        {
            CacheRead = Count(map[CacheReadKey]),
            CacheWrite = Count(map[CacheWriteKey]),
        };
        return usage.IsNone ? null : usage;
    }

    /// <summary>A count, which some libraries send as a text or with a decimal point.</summary>
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
        var entries = new List<KeyValuePair<string, AnyValue>>();
        void Add(string key, long? count)
        {
            if (count is { } number)
                entries.Add(KeyValuePair.Create<string, AnyValue>(key, new AnyValue.Whole(number)));
        }
        Add(InputKey, Input);
        Add(OutputKey, Output);
        Add(TotalKey, Total);
        Add(CacheReadKey, CacheRead);
        Add(CacheWriteKey, CacheWrite);
        return new AnyValue.Map(entries);
    }
}
