using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;
using System.Xml.Linq;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace Slipway.Foundation.Http;

/// <summary>
/// The OpenAPI document of the native API, made from the routes themselves: the same generated JSON code that reads and
/// writes the records gives their schemas, so the document cannot say anything else than the server does. It is made
/// when somebody asks for it, and costs the start of the server nothing.
/// </summary>
public sealed class OpenApiDocument
{
    private readonly SortedDictionary<string, JsonNode> schemas = new(StringComparer.Ordinal);
    private readonly Dictionary<Assembly, Dictionary<string, string>> remarks = [];
    private readonly JsonObject paths = [];

    private OpenApiDocument() { }

    /// <summary>GET /api/v1/openapi.json</summary>
    public static void Map(IEndpointRouteBuilder app, string version)
    {
        var sources = app.DataSources;
        var document = new Lazy<string>(() => Write(sources.SelectMany(source => source.Endpoints), version));
        app.MapGet(
            "/api/v1/openapi.json",
            http =>
            {
                http.Response.ContentType = "application/json";
                return http.Response.WriteAsync(document.Value, http.RequestAborted);
            }
        );
    }

    public static string Write(IEnumerable<Endpoint> endpoints, string version)
    {
        var document = new OpenApiDocument();
        var operations = endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ApiOperation>() is not null)
            .OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal)
            .ThenBy(endpoint => Method(endpoint), StringComparer.Ordinal);
        foreach (var endpoint in operations)
            document.Add(endpoint);
        return document.ToNode(version).ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n";
    }

    private static string Method(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];

    private JsonObject ToNode(string version)
    {
        var components = new JsonObject { ["Problem"] = Problem() };
        foreach (var (name, schema) in schemas)
            components[name] = schema;
        return new JsonObject
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Slipway", ["version"] = version },
            ["paths"] = paths,
            ["components"] = new JsonObject { ["schemas"] = components },
        };
    }

    private void Add(RouteEndpoint endpoint)
    {
        var operation = endpoint.Metadata.GetMetadata<ApiOperation>()!;
        var description = endpoint.Metadata.GetMetadata<ApiDescription>();
        var node = new JsonObject
        {
            ["operationId"] = $"{operation.Group}.{operation.Name}",
            ["tags"] = new JsonArray(operation.Group),
            ["summary"] = description?.Summary,
            ["parameters"] = new JsonArray([.. Parameters(endpoint.RoutePattern, description)]),
        };
        if (description?.Takes is { } takes)
            node["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = Content("application/json", Schema(takes)),
            };
        var success = new JsonObject { ["description"] = "Done." };
        if (description?.Gives is { } gives)
            success["content"] = Content("application/json", Schema(gives));
        node["responses"] = new JsonObject
        {
            ["2XX"] = success,
            ["default"] = new JsonObject
            {
                ["description"] = "Refused or failed.",
                ["content"] = Content("application/problem+json", Reference("Problem")),
            },
        };
        var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(Segment));
        if (paths[path] is not JsonObject methods)
            paths[path] = methods = [];
        methods[Method(endpoint).ToLowerInvariant()] = node;
    }

    private static string Segment(RoutePatternPathSegment segment) =>
        string.Concat(
            segment.Parts.Select(part =>
                part is RoutePatternParameterPart parameter ? $"{{{parameter.Name}}}"
                : part is RoutePatternLiteralPart literal ? literal.Content
                : ((RoutePatternSeparatorPart)part).Content
            )
        );

    private static IEnumerable<JsonNode> Parameters(RoutePattern pattern, ApiDescription? description)
    {
        foreach (var parameter in pattern.Parameters)
            yield return new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string" },
            };
        foreach (var query in description?.Query ?? [])
        {
            var one = new JsonObject { ["type"] = query.IsWhole ? "integer" : "string" };
            yield return new JsonObject
            {
                ["name"] = query.Name,
                ["in"] = "query",
                ["description"] = query.About,
                ["required"] = query.IsRequired,
                ["schema"] = query.IsList ? new JsonObject { ["type"] = "array", ["items"] = one } : one,
            };
        }
    }

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };

    private static JsonObject Reference(string name) => new() { ["$ref"] = $"#/components/schemas/{name}" };

    private JsonNode Schema(JsonTypeInfo type) =>
        type.GetJsonSchemaAsNode(
            new JsonSchemaExporterOptions { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Place }
        );

    /// <summary>Every record stands once among the components; where it is used stands a reference to it.</summary>
    private JsonNode Place(JsonSchemaExporterContext context, JsonNode schema)
    {
        Describe(context, schema);
        if (context.TypeInfo.Kind != JsonTypeInfoKind.Object || schema is not JsonObject record)
            return schema;
        var name = context.TypeInfo.Type.Name;
        record["type"] = "object";
        schemas.TryAdd(name, record);
        var isNullable = context.PropertyInfo is { IsGetNullable: true };
        return isNullable
            ? new JsonObject { ["anyOf"] = new JsonArray(Reference(name), new JsonObject { ["type"] = "null" }) }
            : Reference(name);
    }

    private void Describe(JsonSchemaExporterContext context, JsonNode schema)
    {
        if (schema is not JsonObject node || context.PropertyInfo?.AttributeProvider is not MemberInfo member)
            return;
        var owner = member.DeclaringType!;
        if (Remarks(owner.Assembly).TryGetValue($"P:{owner.FullName}.{member.Name}", out var remark))
            node["description"] = remark;
    }

    /// <summary>The comments beside the records, which the compiler puts into a file beside the library.</summary>
    private Dictionary<string, string> Remarks(Assembly assembly)
    {
        if (remarks.TryGetValue(assembly, out var known))
            return known;
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        var read = File.Exists(file)
            ? XDocument
                .Load(file)
                .Descendants("member")
                .Where(member => member.Element("summary") is not null)
                .ToDictionary(
                    member => member.Attribute("name")!.Value,
                    member => string.Join(' ', Words(member.Element("summary")!)),
                    StringComparer.Ordinal
                )
            : [];
        return remarks[assembly] = read;
    }

    private static IEnumerable<string> Words(XElement summary) =>
        string.Concat(
                summary
                    .DescendantNodes()
                    .Select(node =>
                        node is XText text ? text.Value
                        : node is XElement { Name.LocalName: "see" or "paramref" } see
                            ? see.FirstAttribute!.Value.Split('.', ':')[^1]
                        : ""
                    )
            )
            .Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries);

    private static JsonObject Problem() =>
        new()
        {
            ["type"] = "object",
            ["required"] = new JsonArray("title", "status", "code"),
            ["properties"] = new JsonObject
            {
                ["type"] = Text("Always about:blank; the code says what it is."),
                ["title"] = Text("What is wrong, as a sentence."),
                ["status"] = new JsonObject { ["type"] = "integer" },
                ["code"] = Text("The rule that was broken, such as run.not_found."),
                ["hint"] = Text("What to do next."),
                ["field"] = Text("The part of the request that is at fault."),
            },
        };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
