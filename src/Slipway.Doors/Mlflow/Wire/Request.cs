using System.Buffers;
using System.Globalization;
using System.Numerics;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// A field of a request. What is required has to be there and not empty. What is checked is refused where it has the
/// wrong type; what is not ends the reading of the request, which goes on with the fields before it.
/// </summary>
internal sealed record RequestField(string Name, FieldType Type, bool IsRequired = false, bool IsChecked = true)
{
    public static RequestField Required(string name, FieldType type) => new(name, type, IsRequired: true);

    public static RequestField Checked(string name, FieldType type) => new(name, type);

    public static RequestField Unchecked(string name, FieldType type) => new(name, type, IsChecked: false);

    /// <summary>The largest number that is not refused.</summary>
    public long? Most { get; init; }

    /// <summary>Another type than the field's own that the value is checked for.</summary>
    public FieldType? CheckedAs { get; init; }

    /// <summary>Whether each item of the list has to have a key.</summary>
    public bool WantsKeys { get; init; }

    /// <summary>A former name under which a required text may stand too.</summary>
    public string? FormerName { get; init; }
}

/// <summary>The fields of one of MLflow's requests, and what its server looks at before it does anything.</summary>
internal sealed class Request
{
    /// <summary>A request that says nothing.</summary>
    public static readonly JsonElement Nothing = JsonSerializer.SerializeToElement(new Dictionary<string, string>());

    private readonly RequestField[] fields;
    private readonly Message message;

    public Request(params RequestField[] fields)
    {
        this.fields = fields;
        message = new Message([
            .. fields.Select(field => new MessageField(field.Name, field.Type)),
            .. fields
                .Where(field => field.FormerName is not null)
                .Select(field => new MessageField(field.FormerName!, field.Type)),
        ]);
    }

    /// <summary>The fields as the server understands them, or a refusal.</summary>
    public WireObject Read(JsonElement json)
    {
        if (message.IsPlain(json))
        {
            Check(json, isWhole: true);
            return new WireObject(json);
        }
        var understood = new ArrayBufferWriter<byte>();
        bool isWhole;
        using (var writer = new Utf8JsonWriter(understood))
            isWhole = message.TryWrite(json, null, writer);
        Check(json, isWhole);
        using var document = JsonDocument.Parse(understood.WrittenMemory);
        return new WireObject(document.RootElement.Clone());
    }

    /// <summary>Of a query, the fields under their own names; a list may repeat.</summary>
    public WireObject Read(IQueryCollection query)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var field in fields)
            {
                Write(writer, query, field.Name, field.Type);
                if (field.FormerName is { } former)
                    Write(writer, query, former, field.Type);
            }
            writer.WriteEndObject();
        }
        using var document = JsonDocument.Parse(buffer.WrittenMemory);
        return Read(document.RootElement.Clone());
    }

    private static void Write(Utf8JsonWriter writer, IQueryCollection query, string name, FieldType type)
    {
        if (!query.TryGetValue(name, out var values))
            return;
        writer.WritePropertyName(name);
        if (type == FieldType.Flag)
            writer.WriteBooleanValue(
                bool.TryParse(values[0], out var flag)
                    ? flag
                    : throw Fault.Invalid(
                        "mlflow.flag",
                        $"Invalid boolean value: {values[0]}, must be 'true' or 'false'.",
                        name
                    )
            );
        else if (type.IsList)
        {
            writer.WriteStartArray();
            foreach (var value in values)
                writer.WriteStringValue(value);
            writer.WriteEndArray();
        }
        else
            writer.WriteStringValue(values[0]);
    }

    private void Check(JsonElement json, bool isWhole)
    {
        var raw = new WireObject(json);
        foreach (var field in fields)
        {
            var isThere = json.TryGetProperty(field.Name, out var value);
            if (field.IsRequired && !IsSaid(value) && !(field.FormerName is { } former && IsSaid(json, former)))
                throw raw.Missing(field.Name);
            if (!isThere)
                continue;
            if (field.WantsKeys)
                RequireKeys(raw, field.Name, value);
            if (!isWhole && field.IsChecked && !Passes(field, value))
                throw raw.Invalid(field.Name, value.GetRawText());
            if (field.Most is { } most && ForPython(value) is { } number && number > most)
                throw raw.Invalid(field.Name, value.GetRawText());
        }
    }

    private static void RequireKeys(WireObject raw, string name, JsonElement list)
    {
        if (list.ValueKind != JsonValueKind.Array)
            throw raw.Invalid(name, list.GetRawText());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !IsSaid(item, "key"))
                throw raw.Invalid(name, item.GetRawText());
        }
    }

    private static bool IsSaid(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && IsSaid(value);

    private static bool IsSaid(JsonElement value) =>
        value.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Null)
        && !(value.ValueKind == JsonValueKind.String && value.ValueEquals(""));

    /// <summary>The check of a type, which is laxer than the reading: a list is a list, whatever is in it.</summary>
    private static bool Passes(RequestField field, JsonElement value) =>
        field.CheckedAs is { } type ? Passes(type, value)
        : field.Type.IsList ? value.ValueKind == JsonValueKind.Array
        : Passes(field.Type, value);

    private static bool Passes(FieldType type, JsonElement value) =>
        type.IsList ? type.IsPlain(value)
        : type == FieldType.Text ? value.ValueKind == JsonValueKind.String
        : type == FieldType.Whole || type == FieldType.Whole32 ? ForPython(value) is not null
        : type == FieldType.Number ? WireNumber.Read(value) is not null || BareNumbers.IsOne(value)
        : type.IsMessage || type.IsPlain(value);

    /// <summary>What Python's int() makes of it: fractions are cut off, and of a bool it is 0 or 1.</summary>
    private static double? ForPython(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => Math.Truncate(value.GetDouble()),
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.String
                when BigInteger.TryParse(
                    value.GetString(),
                    NumberStyles.Integer,
                    CultureInfo.InvariantCulture,
                    out var whole
                ) => (double)whole,
            _ => null,
        };
}
