using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Slipway.Tracing;

/// <summary>
/// A value that instrumentation or a judge recorded: what OpenTelemetry calls an AnyValue. Its text form is JSON with a
/// space after each comma and colon, which is how the clients of the tracing world write theirs.
/// </summary>
public abstract record AnyValue
{
    private AnyValue() { }

    public sealed record Absent : AnyValue
    {
        public static Absent Instance { get; } = new();
    }

    public sealed record Text(string Value) : AnyValue;

    public sealed record Flag(bool Value) : AnyValue;

    public sealed record Whole(long Value) : AnyValue;

    public sealed record Number(double Value) : AnyValue;

    public sealed record Bytes(ReadOnlyMemory<byte> Value) : AnyValue;

    public sealed record Items(IReadOnlyList<AnyValue> Values) : AnyValue;

    public sealed record Map(IReadOnlyList<KeyValuePair<string, AnyValue>> Entries) : AnyValue
    {
        public AnyValue? this[string key] => Entries.LastOrDefault(e => e.Key == key).Value;
    }

    /// <summary>The texts that a search compares: a text as it is, anything else as JSON.</summary>
    public string Searched => this is Text text ? text.Value : ToString();

    public static AnyValue FromJson(JsonElement json, bool wholeNumbers = true) =>
        json.ValueKind switch
        {
            JsonValueKind.String => new Text(json.GetString()!),
            JsonValueKind.True or JsonValueKind.False => new Flag(json.GetBoolean()),
            JsonValueKind.Number when wholeNumbers && json.TryGetInt64(out var whole) => new Whole(whole),
            JsonValueKind.Number => new Number(json.GetDouble()),
            JsonValueKind.Array => new Items([.. json.EnumerateArray().Select(item => FromJson(item, wholeNumbers))]),
            JsonValueKind.Object => new Map([
                .. json.EnumerateObject()
                    .Select(member => KeyValuePair.Create(member.Name, FromJson(member.Value, wholeNumbers))),
            ]),
            _ => Absent.Instance,
        };

    /// <summary>What the text means as JSON; null where it is none.</summary>
    public static AnyValue? ParseJson(string text)
    {
        // Most texts are prose; they are told by their first character, without the cost of a failed parse.
        var start = text.AsSpan().TrimStart();
        if (start.IsEmpty || (!char.IsAsciiDigit(start[0]) && !"{[\"-tfn".Contains(start[0], StringComparison.Ordinal)))
            return null;
        try
        {
            using var document = JsonDocument.Parse(text);
            return FromJson(document.RootElement);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public sealed override string ToString()
    {
        var text = new StringBuilder();
        Write(text);
        return text.ToString();
    }

    public void Write(StringBuilder text)
    {
        switch (this)
        {
            case Text value:
                WriteText(text, value.Value);
                break;
            case Flag value:
                text.Append(value.Value ? "true" : "false");
                break;
            case Whole value:
                text.Append(CultureInfo.InvariantCulture, $"{value.Value}");
                break;
            case Number value:
                WriteNumber(text, value.Value);
                break;
            case Bytes value:
                WriteText(text, Convert.ToBase64String(value.Value.Span));
                break;
            case Items value:
                text.Append('[');
                for (var i = 0; i < value.Values.Count; i++)
                {
                    text.Append(i > 0 ? ", " : "");
                    value.Values[i].Write(text);
                }
                text.Append(']');
                break;
            case Map value:
                WriteMap(text, value.Entries);
                break;
            default:
                text.Append("null");
                break;
        }
    }

    internal static void WriteMap(StringBuilder text, IReadOnlyList<KeyValuePair<string, AnyValue>> entries)
    {
        text.Append('{');
        for (var i = 0; i < entries.Count; i++)
        {
            text.Append(i > 0 ? ", " : "");
            WriteText(text, entries[i].Key);
            text.Append(": ");
            entries[i].Value.Write(text);
        }
        text.Append('}');
    }

    internal static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            _ = c switch
            {
                '"' => text.Append("\\\""),
                '\\' => text.Append("\\\\"),
                '\n' => text.Append("\\n"),
                '\r' => text.Append("\\r"),
                '\t' => text.Append("\\t"),
                < ' ' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        text.Append('"');
    }

    private static void WriteNumber(StringBuilder text, double value)
    {
        var plain = value.ToString("R", CultureInfo.InvariantCulture);
        text.Append(plain);
        if (double.IsFinite(value) && plain.AsSpan().IndexOfAny('.', 'E') < 0)
            text.Append(".0");
    }
}
