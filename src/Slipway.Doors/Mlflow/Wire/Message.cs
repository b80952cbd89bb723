using System.Text.Json;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>A field of a message; of those in one group, one alone may be there.</summary>
internal sealed record MessageField(string Name, FieldType Type, string? OneOf = null)
{
    /// <summary>Protobuf's JSON also takes a name in this form.</summary>
    public string CamelName { get; } = Camel(Name);

    private static string Camel(string name)
    {
        var parts = name.Split('_');
        return parts[0]
            + string.Concat(parts.Skip(1).Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }
}

/// <summary>
/// One of MLflow's protobuf messages as JSON. Its server reads the fields in the order in which they stand; one that
/// cannot be read ends the reading, and the call goes on with what was read before it. Unknown fields are passed over.
/// </summary>
internal sealed class Message(params MessageField[] fields) : FieldType
{
    public override bool IsMessage => true;

    public override bool IsPlain(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
            return false;
        var ones = 0;
        foreach (var member in value.EnumerateObject())
        {
            var field = Array.Find(fields, field => member.NameEquals(field.Name));
            if (field is null)
            {
                if (Array.Exists(fields, field => member.NameEquals(field.CamelName)))
                    return false;
                continue;
            }
            if (field.OneOf is not null && ++ones > 1)
                return false;
            if (
                member.Value.ValueKind == JsonValueKind.Null ? !field.Type.KnowsNull : !field.Type.IsPlain(member.Value)
            )
                return false;
        }
        return true;
    }

    public override bool TryWrite(JsonElement value, string? name, Utf8JsonWriter writer)
    {
        Name(writer, name);
        writer.WriteStartObject();
        var whole = value.ValueKind == JsonValueKind.Object ? TryWriteFields(value, writer) : IsEmptyForPython(value);
        writer.WriteEndObject();
        return whole;
    }

    private bool TryWriteFields(JsonElement value, Utf8JsonWriter writer)
    {
        var groups = new HashSet<string>();
        foreach (var member in value.EnumerateObject())
        {
            var field = Array.Find(
                fields,
                field => member.NameEquals(field.Name) || member.NameEquals(field.CamelName)
            );
            if (field is null || (member.Value.ValueKind == JsonValueKind.Null && !field.Type.KnowsNull))
                continue;
            if (field.OneOf is not null && member.Value.ValueKind != JsonValueKind.Null && !groups.Add(field.OneOf))
                return false;
            if (!field.Type.TryWrite(member.Value, field.Name, writer))
                return false;
        }
        return true;
    }

    /// <summary>Python goes through a text or a list as if they were names of fields, and finds none that it knows.</summary>
    private bool IsEmptyForPython(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
        || (
            value.ValueKind == JsonValueKind.Array
            && value
                .EnumerateArray()
                .All(item =>
                    item.ValueKind == JsonValueKind.String
                    && !Array.Exists(fields, field => item.ValueEquals(field.Name) || item.ValueEquals(field.CamelName))
                )
        );
}
