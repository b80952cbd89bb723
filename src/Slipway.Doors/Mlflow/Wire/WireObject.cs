using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// The fields of a request as MLflow's clients send them: a JSON object or the parameters of a query, with names in
/// snake_case or camelCase, whole numbers also as texts, and unknown fields ignored. What does not fit is refused in
/// the words that MLflow's clients look for.
/// </summary>
internal readonly struct WireObject
{
    private readonly JsonElement json;
    private readonly IQueryCollection? query;
    private readonly string path;

    public WireObject(JsonElement json, string path = "")
    {
        this.json = json;
        this.path = path;
    }

    public WireObject(IQueryCollection query)
    {
        this.query = query;
        path = "";
    }

    public JsonElement Json => json;

    public bool Has(string name) => query?.ContainsKey(name) ?? TryGet(name, out _);

    /// <summary>The value as it stands in the body; null where it is missing or null there.</summary>
    public JsonElement? Find(string name) => TryGet(name, out var value) ? value : null;

    public string Required(string name) => Text(name) is { Length: > 0 } text ? text : throw Missing(name);

    public string? Text(string name)
    {
        if (query is not null)
            return query.TryGetValue(name, out var values) ? values[0] : null;
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.String ? value.GetString() : throw Wrong(name, value);
    }

    public IReadOnlyList<string> Texts(string name)
    {
        if (query is not null)
            return query.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];
        if (!TryGet(name, out var list))
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong(name, list);
        var texts = new List<string>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
            texts.Add(item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Wrong(name, item));
        return texts;
    }

    public long? Whole(string name)
    {
        if (query is not null)
            return Text(name) is { } text ? ParseWhole(name, text) : null;
        return TryGet(name, out var value) ? WireNumber.ReadWhole(value) ?? throw Wrong(name, value) : null;
    }

    public bool? Flag(string name)
    {
        if (query is not null)
            return Text(name) is { } text
                ? bool.TryParse(text, out var parsed)
                    ? parsed
                    : throw Invalid(name, text)
                : null;
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind is JsonValueKind.True or JsonValueKind.False
            ? value.GetBoolean()
            : throw Wrong(name, value);
    }

    /// <summary>A number as protobuf's JSON has it: also a bool, a numeric text, "NaN" or "Infinity".</summary>
    public double? Number(string name) =>
        TryGet(name, out var value) ? WireNumber.Read(value) ?? throw Wrong(name, value) : null;

    public WireObject? Object(string name)
    {
        if (!TryGet(name, out var value))
            return null;
        return value.ValueKind == JsonValueKind.Object
            ? new WireObject(value, $"{path}{name}.")
            : throw Wrong(name, value);
    }

    public WireObject RequiredObject(string name) => Object(name) ?? throw Missing(name);

    public IReadOnlyList<WireObject> Objects(string name)
    {
        if (!TryGet(name, out var list))
            return [];
        if (list.ValueKind != JsonValueKind.Array)
            throw Wrong(name, list);
        var objects = new List<WireObject>(list.GetArrayLength());
        foreach (var item in list.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
                throw Wrong(name, item);
            objects.Add(new WireObject(item, $"{path}{name}[{objects.Count}]."));
        }
        return objects;
    }

    /// <summary>The objects of a list that has to be there; it may be empty.</summary>
    public IReadOnlyList<WireObject> RequiredObjects(string name) =>
        Find(name) is null ? throw Missing(name) : Objects(name);

    /// <summary>The texts of a list that has to be there; it may be empty where it stands in a body.</summary>
    public IReadOnlyList<string> RequiredTexts(string name) => Has(name) ? Texts(name) : throw Missing(name);

    public Fault Missing(string name) =>
        Fault.Invalid(
            "mlflow.missing",
            $"Missing value for required parameter '{path}{name}'. See the API docs for more information about request parameters.",
            name
        );

    public Fault Invalid(string name, string value) =>
        Fault.Invalid(
            "mlflow.value",
            $"Invalid value {(value.Length > 200 ? value[..200] + "..." : value)} for parameter '{path}{name}' supplied. See the API docs for more information about request parameters.",
            name
        );

    private Fault Wrong(string name, JsonElement value) => Invalid(name, value.GetRawText());

    private long ParseWhole(string name, string text) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole)
            ? whole
            : throw Invalid(name, text);

    private bool TryGet(string name, out JsonElement value)
    {
        value = default;
        if (json.ValueKind != JsonValueKind.Object)
            return false;
        if (
            !json.TryGetProperty(name, out value)
            && !(name.Contains('_') && json.TryGetProperty(CamelCase(name), out value))
        )
            return false;
        return value.ValueKind != JsonValueKind.Null;
    }

    private static string CamelCase(string name)
    {
        var parts = name.Split('_');
        return parts[0]
            + string.Concat(parts.Skip(1).Where(p => p.Length > 0).Select(p => char.ToUpperInvariant(p[0]) + p[1..]));
    }
}
