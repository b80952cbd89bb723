using System.Text.Json;

namespace Slipway.Tests.Kit;

/// <summary>Checks JSON against the part of JSON Schema that the document of the native API is written in.</summary>
internal static class JsonSchema
{
    public static void Check(JsonElement root, JsonElement schema, JsonElement value, string at, List<string> breaches)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            var name = reference.GetString()!.Split('/')[^1];
            Check(root, root.GetProperty("components").GetProperty("schemas").GetProperty(name), value, at, breaches);
            return;
        }
        if (schema.TryGetProperty("anyOf", out var any) && !any.EnumerateArray().Any(one => Fits(root, one, value)))
            breaches.Add($"{at} is none of {any}: {value}");
        if (
            schema.TryGetProperty("enum", out var words)
            && !words.EnumerateArray().Any(word => JsonElement.DeepEquals(word, value))
        )
            breaches.Add($"{at} is none of {words}: {value}");
        if (schema.TryGetProperty("type", out var type) && !IsOf(type, value))
            breaches.Add($"{at} is not {type}: {value}");
        if (value.ValueKind == JsonValueKind.Object)
            CheckFields(root, schema, value, at, breaches);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
            foreach (var (i, item) in value.EnumerateArray().Index())
                Check(root, items, item, $"{at}[{i}]", breaches);
    }

    private static bool Fits(JsonElement root, JsonElement schema, JsonElement value)
    {
        var breaches = new List<string>();
        Check(root, schema, value, "", breaches);
        return breaches.Count == 0;
    }

    private static void CheckFields(
        JsonElement root,
        JsonElement schema,
        JsonElement value,
        string at,
        List<string> breaches
    )
    {
        if (schema.TryGetProperty("required", out var required))
            breaches.AddRange(
                required
                    .EnumerateArray()
                    .Where(name => !value.TryGetProperty(name.GetString()!, out _))
                    .Select(name => $"{at}.{name} is missing")
            );
        var isRecord = schema.TryGetProperty("properties", out var fields);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        foreach (var field in value.EnumerateObject())
        {
            var place = $"{at}.{field.Name}";
            if (isRecord && fields.TryGetProperty(field.Name, out var known))
                Check(root, known, field.Value, place, breaches);
            else if (hasOthers && others.ValueKind == JsonValueKind.Object)
                Check(root, others, field.Value, place, breaches);
            else if (isRecord)
                breaches.Add($"{place} is not documented");
        }
    }

    private static bool IsOf(JsonElement type, JsonElement value) =>
        type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => IsOf(one, value))
            : (type.GetString(), value.ValueKind) switch
            {
                ("string", JsonValueKind.String) => true,
                ("number", JsonValueKind.Number) => true,
                ("integer", JsonValueKind.Number) => value.TryGetInt64(out _),
                ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
                ("object", JsonValueKind.Object) => true,
                ("array", JsonValueKind.Array) => true,
                ("null", JsonValueKind.Null) => true,
                _ => false,
            };
}
