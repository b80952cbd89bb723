using System.Globalization;
using System.Text.Json;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// What a field of a message holds, and how protobuf's JSON reader takes it: generously (a whole number also as a text,
/// a number also as a bool), and what it cannot take ends its reading.
/// </summary>
internal abstract class FieldType
{
    public static readonly FieldType Text = new TextType();
    public static readonly FieldType Whole = new WholeType(long.MinValue, long.MaxValue);
    public static readonly FieldType Whole32 = new WholeType(int.MinValue, int.MaxValue);
    public static readonly FieldType Number = new NumberType();
    public static readonly FieldType Flag = new FlagType();
    public static readonly FieldType Time = new TimeType(
        text => WireTime.ParseTime(text) is not null,
        WireTime.Time(0)
    );
    public static readonly FieldType Duration = new TimeType(
        text => WireTime.ParseDuration(text) is not null,
        WireTime.Duration(0)
    );
    public static readonly FieldType Map = new MapType();
    public static readonly FieldType Any = new AnyType();

    public static FieldType Choice(params string[] names) => new ChoiceType(names, firstNumber: 1);

    /// <summary>Names whose first is numbered 0 and stands for none.</summary>
    public static FieldType ChoiceOrNone(params string[] names) => new ChoiceType(names, firstNumber: 0);

    public static FieldType List(FieldType of) => new ListType(of);

    /// <summary>A null says something else than a field that is missing.</summary>
    public virtual bool KnowsNull => false;

    public virtual bool IsList => false;

    public virtual bool IsMessage => false;

    /// <summary>Whether the value stands there as clients write it, so that nothing has to be converted.</summary>
    public abstract bool IsPlain(JsonElement value);

    /// <summary>
    /// Writes the value as it is understood, after <paramref name="name"/> where it has one. False where the reading ends
    /// with it; what was understood before that is written all the same.
    /// </summary>
    public abstract bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer);

    protected static void Name(Utf8JsonWriter writer, string? name)
    {
        if (name is not null)
            writer.WritePropertyName(name);
    }

    private sealed class TextType : FieldType
    {
        public override bool IsPlain(JsonElement value) => value.ValueKind == JsonValueKind.String;

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            if (!IsPlain(value))
                return false;
            Name(writer, name);
            value.WriteTo(writer);
            return true;
        }
    }

    private sealed class WholeType(long least, long most) : FieldType
    {
        public override bool IsPlain(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var whole)
            && whole >= least
            && whole <= most;

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            if (
                (value.ValueKind == JsonValueKind.String && value.GetString()!.Contains(' '))
                || WireNumber.ReadWhole(value) is not { } whole
                || whole < least
                || whole > most
            )
                return false;
            Name(writer, name);
            writer.WriteNumberValue(whole);
            return true;
        }
    }

    private sealed class NumberType : FieldType
    {
        public override bool IsPlain(JsonElement value) =>
            value.ValueKind == JsonValueKind.Number && double.IsFinite(value.GetDouble());

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            if (
                WireNumber.Read(value) is not { } number
                || (value.ValueKind == JsonValueKind.Number && !IsPlain(value))
            )
                return false;
            Name(writer, name);
            if (double.IsFinite(number))
                writer.WriteNumberValue(number);
            else
                writer.WriteStringValue(number.ToString(CultureInfo.InvariantCulture));
            return true;
        }
    }

    private sealed class FlagType : FieldType
    {
        public override bool IsPlain(JsonElement value) => value.ValueKind is JsonValueKind.True or JsonValueKind.False;

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            if (!IsPlain(value))
                return false;
            Name(writer, name);
            value.WriteTo(writer);
            return true;
        }
    }

    /// <summary>One that cannot be read is there all the same, and says the beginning of time.</summary>
    private sealed class TimeType(Func<string, bool> reads, string beginning) : FieldType
    {
        public override bool IsPlain(JsonElement value) =>
            value.ValueKind == JsonValueKind.String && reads(value.GetString()!);

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            Name(writer, name);
            if (IsPlain(value))
            {
                value.WriteTo(writer);
                return true;
            }
            writer.WriteStringValue(beginning);
            return false;
        }
    }

    /// <summary>A name that is not known is passed over; a number that is not known ends the reading.</summary>
    private sealed class ChoiceType(string[] names, int firstNumber) : FieldType
    {
        public override bool IsPlain(JsonElement value) =>
            value.ValueKind == JsonValueKind.String && Array.Exists(names, name => value.ValueEquals(name));

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            if (value.ValueKind == JsonValueKind.String && !IsPlain(value) && WireNumber.ReadWhole(value) is null)
                return true;
            var choice = IsPlain(value) ? value.GetString() : NameOf(value);
            if (choice is null)
                return false;
            Name(writer, name);
            writer.WriteStringValue(choice);
            return true;
        }

        private string? NameOf(JsonElement value)
        {
            var number = value.ValueKind switch
            {
                JsonValueKind.True => 1,
                JsonValueKind.False => 0,
                JsonValueKind.Number => Math.Truncate(value.GetDouble()),
                _ => WireNumber.ReadWhole(value) ?? -1,
            };
            return number >= firstNumber && number - firstNumber < names.Length
                ? names[(int)number - firstNumber]
                : null;
        }
    }

    private sealed class MapType : FieldType
    {
        public override bool IsPlain(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Object)
                return false;
            foreach (var entry in value.EnumerateObject())
            {
                if (entry.Value.ValueKind != JsonValueKind.String)
                    return false;
            }
            return true;
        }

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            if (value.ValueKind != JsonValueKind.Object)
                return false;
            Name(writer, name);
            writer.WriteStartObject();
            var whole = true;
            foreach (var entry in value.EnumerateObject())
            {
                whole = entry.Value.ValueKind == JsonValueKind.String;
                if (!whole)
                    break;
                entry.WriteTo(writer);
            }
            writer.WriteEndObject();
            return whole;
        }
    }

    /// <summary>Whatever JSON there is.</summary>
    private sealed class AnyType : FieldType
    {
        public override bool KnowsNull => true;

        public override bool IsPlain(JsonElement value) => true;

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            Name(writer, name);
            value.WriteTo(writer);
            return true;
        }
    }

    private sealed class ListType(FieldType of) : FieldType
    {
        public override bool IsList => true;

        public override bool IsPlain(JsonElement value)
        {
            if (value.ValueKind != JsonValueKind.Array)
                return false;
            foreach (var item in value.EnumerateArray())
            {
                if (!of.IsPlain(item))
                    return false;
            }
            return true;
        }

        public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
        {
            if (value.ValueKind != JsonValueKind.Array)
                return false;
            Name(writer, name);
            writer.WriteStartArray();
            var whole = true;
            foreach (var item in value.EnumerateArray())
            {
                whole = of.TryWrite(item, null, writer);
                if (!whole)
                    break;
            }
            writer.WriteEndArray();
            return whole;
        }
    }
}
