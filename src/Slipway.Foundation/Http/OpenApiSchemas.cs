using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace Slipway.Foundation.Http;

/// <summary>
/// The records of the OpenAPI document as JSON Schema, each standing once under its name. A record that is given is
/// always written whole, except for fields that are null, which are left out; one that is taken may leave out whatever
/// has a default. Where this makes a difference, a record that goes both ways stands there twice, the taken one as
/// "...Request".
/// </summary>
internal sealed partial class OpenApiSchemas
{
    private const string Place = "#/components/schemas/";

    // What no name of a type has, so that it can be found again in the text of the document.
    private const string TakenMark = "?taken";

    private readonly SortedDictionary<string, JsonNode> schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Type> types = [];
    private readonly XmlRemarks remarks = new();
    private readonly NullabilityInfoContext nullability = new();

    /// <summary>A record in an answer: a reference to where it stands.</summary>
    public JsonNode Given(JsonTypeInfo type) => Export(type, isTaken: false);

    /// <summary>A record in a request: a reference to where it stands.</summary>
    public JsonNode Taken(JsonTypeInfo type) => Export(type, isTaken: true);

    public static JsonObject Problem() => Reference("Problem");

    public JsonObject ToNode()
    {
        var components = new JsonObject { ["Problem"] = ProblemRecord() };
        foreach (var (name, schema) in schemas)
            components[name] = schema;
        return components;
    }

    /// <summary>Gives taken records their last name: that of the given one where both are the same.</summary>
    public JsonNode Settle(JsonObject document)
    {
        var components = document["components"]!["schemas"]!.AsObject();
        var twofold = new HashSet<string>(StringComparer.Ordinal);
        // A record that holds one of two kinds is itself of two kinds.
        while (types.Keys.FirstOrDefault(name => !twofold.Contains(name) && Differs(name)) is { } found)
            twofold.Add(found);
        foreach (var name in types.Keys.Where(name => !twofold.Contains(name) && components.ContainsKey(name)))
            components.Remove(name + TakenMark);
        return JsonNode.Parse(Named(document.ToJsonString()))!;

        bool Differs(string name) =>
            components[name] is { } given
            && components[name + TakenMark] is { } taken
            && Named(taken.ToJsonString()) != Named(given.ToJsonString());

        string Named(string text) =>
            Mark()
                .Replace(
                    text,
                    match => match.Groups["name"] + (twofold.Contains(match.Groups["name"].Value) ? "Request" : "")
                );
    }

    [GeneratedRegex(@"(?<name>\w+)\?taken", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Mark();

    private static JsonObject Reference(string name) => new() { ["$ref"] = Place + name };

    private JsonNode Export(JsonTypeInfo type, bool isTaken) =>
        type.GetJsonSchemaAsNode(
            new JsonSchemaExporterOptions
            {
                TreatNullObliviousAsNonNullable = true,
                TransformSchemaNode = (context, schema) => Refine(context, schema, isTaken),
            }
        );

    private JsonNode Refine(JsonSchemaExporterContext context, JsonNode schema, bool isTaken)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        // What may be any JSON is `true` to the exporter, which few readers of schemas know.
        var refined = schema.GetValueKind() == JsonValueKind.True ? new JsonObject() : schema;
        if (schema is JsonObject record && (context.TypeInfo.Kind == JsonTypeInfoKind.Object || type.IsEnum))
        {
            var name = NameOf(type) + (isTaken && !type.IsEnum ? TakenMark : "");
            // Where a type comes again, only a reference to its first place comes.
            if (!schemas.ContainsKey(name) && !record.ContainsKey("$ref"))
                schemas[name] = type.IsEnum ? Words(record) : Whole(context.TypeInfo, record, isTaken);
            refined = Reference(name);
            if (isTaken && context.PropertyInfo is { IsSetNullable: true })
                refined = new JsonObject { ["anyOf"] = new JsonArray(refined, new JsonObject { ["type"] = "null" }) };
        }
        if (context.TypeInfo.KeyType is { IsEnum: true } key)
            refined["propertyNames"] = Given(context.TypeInfo.Options.GetTypeInfo(key));
        if (context.PropertyInfo?.AttributeProvider is PropertyInfo property && refined is JsonObject node)
            Describe(property, node, isTaken);
        return refined;
    }

    private string NameOf(Type type)
    {
        var name = type.IsGenericType
            ? string.Concat(type.GetGenericArguments().Select(NameOf)) + type.Name[..type.Name.IndexOf('`')]
            : type.Name;
        if (!types.TryAdd(name, type) && types[name] != type)
            throw new InvalidOperationException($"{type} and {types[name]} would have the same name in the document.");
        return name;
    }

    private static JsonObject Words(JsonObject schema)
    {
        var words = schema["enum"]!.AsArray().Where(word => word is not null).Select(word => word!.DeepClone());
        return new JsonObject { ["type"] = "string", ["enum"] = new JsonArray([.. words]) };
    }

    private JsonObject Whole(JsonTypeInfo type, JsonObject record, bool isTaken)
    {
        record["type"] = "object";
        if (remarks.Of(type.Type) is { } remark)
            record.Insert(0, "description", remark);
        if (!isTaken)
            record["required"] = new JsonArray([
                .. type
                    .Properties.Where(property => !property.IsGetNullable)
                    .Where(property => record["properties"]!.AsObject().ContainsKey(property.Name))
                    .Select(property => (JsonNode)property.Name),
            ]);
        return record;
    }

    private void Describe(PropertyInfo property, JsonObject node, bool isTaken)
    {
        if (!isTaken && node["type"] is JsonArray kinds)
            node["type"] = kinds.First(kind => (string?)kind != "null")!.DeepClone();
        var value = nullability.Create(property).GenericTypeArguments.LastOrDefault();
        if (value?.ReadState == NullabilityState.Nullable && node["additionalProperties"] is JsonObject values)
            values["type"] = new JsonArray((string)values["type"]!, "null");
        if (remarks.Of(property) is { } remark)
            node["description"] = remark;
    }

    private static JsonObject ProblemRecord() =>
        new()
        {
            ["description"] = "Why a call was refused or failed.",
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                ["type"] = Text("Always about:blank; the code says what it is."),
                ["title"] = Text("What is wrong, as a sentence."),
                ["status"] = new JsonObject { ["type"] = "integer", ["description"] = "The status of the answer." },
                ["code"] = Text("The rule that was broken, such as run.not_found."),
                ["hint"] = Text("What to do next."),
                ["field"] = Text("The part of the request that is at fault."),
            },
            ["required"] = new JsonArray("type", "title", "status", "code"),
        };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
