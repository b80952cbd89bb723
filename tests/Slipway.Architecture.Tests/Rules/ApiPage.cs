using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Writes the page of the native API from the document that the program gives of itself.</summary>
internal static class ApiPage
{
    private const string Opening = """
        # The native API

        Every call is JSON over HTTP below `/api/v1`; the pages of the web, the command line and the C# client use the same
        calls. The same as an OpenAPI document: [openapi.json](openapi.json), which a server gives of itself at
        `/api/v1/openapi.json`. This page is generated: `SLIPWAY_REGENERATE=1 ./test native_api` writes it anew.

        * Fields are in snake_case; times are milliseconds since 1970, UTC; a field that would be null is left out.
        * A server with login takes `Authorization: Bearer TOKEN` or HTTP Basic; the header `X-Slipway-Workspace` names the
          workspace. See [identity.md](identity.md).
        * A refusal is `application/problem+json`, a [Problem](#problem) with one of these [codes](errors.md).
        * A body with a field that the call does not know is refused, so that a misspelt one is not lost.

        """;

    public static string Write(string document)
    {
        var root = JsonNode.Parse(document)!;
        var page = new StringBuilder(Opening.ReplaceLineEndings("\n"));
        var calls = root["paths"]!
            .AsObject()
            .SelectMany(path =>
                path.Value!.AsObject().Select(call => (Path: path.Key, Method: call.Key, Call: call.Value!))
            );
        foreach (var group in calls.GroupBy(call => (string)call.Call["tags"]![0]!))
        {
            Add(page, $"\n## Calls of {group.Key}\n\n| Call | | Takes | Gives |\n|---|---|---|---|\n");
            foreach (var (path, method, call) in group)
                Add(
                    page,
                    $"| `{method.ToUpperInvariant()} {path}` | {Asked(call)} | {Taken(call)} | {Given(call)} |\n"
                );
        }
        Add(page, "\n# Records\n");
        foreach (var (name, schema) in root["components"]!["schemas"]!.AsObject())
            AddRecord(page, name, schema!);
        return page.ToString();
    }

    private static string Asked(JsonNode call)
    {
        var queries = call["parameters"]!.AsArray().Where(parameter => (string)parameter!["in"]! == "query");
        return (string)call["summary"]!
            + string.Concat(
                queries.Select(query =>
                    $"<br>`?{query!["name"]}` {Limits(query["schema"]!)}{Cell((string)query["description"]!)}"
                )
            );
    }

    private static string Limits(JsonNode schema) =>
        schema["minimum"] is { } least ? $"({least} to {schema["maximum"]}, otherwise {schema["default"]}) "
        : schema["enum"] is JsonArray words ? $"({string.Join(", ", words)}) "
        : (string?)schema["type"] == "array" ? "(any number of them) "
        : "";

    private static string Taken(JsonNode call) =>
        call["requestBody"]?["content"] is { } content ? Content(content.AsObject().Single()) : "";

    private static string Given(JsonNode call) =>
        string.Join(
            ", ",
            call["responses"]!
                .AsObject()
                .Where(response => response.Key != "default")
                .Select(response =>
                    response.Value!["content"] is { } content
                        ? $"{response.Key} {Content(content.AsObject().Single())}"
                        : response.Key
                )
        );

    private static string Content(KeyValuePair<string, JsonNode?> content)
    {
        var schema = content.Value!["schema"]!;
        return content.Key == "application/json" && schema.AsObject().Count > 0 ? Kind(schema)
            : schema["contentSchema"] is { } events ? $"`{content.Key}` of {Kind(events)}"
            : $"`{content.Key}`";
    }

    private static void AddRecord(StringBuilder page, string name, JsonNode schema)
    {
        Add(page, $"\n## {name}\n");
        if (schema["description"] is { } about)
            Add(page, $"\n{about}\n");
        if (schema["enum"] is JsonArray words)
            Add(page, $"\n{string.Join(", ", words.Select(word => $"`{word}`"))}\n");
        if (schema["properties"] is not JsonObject fields)
            return;
        Add(page, "\n| Field | Type | |\n|---|---|---|\n");
        var required = schema["required"]?.AsArray().Select(field => (string)field!).ToHashSet() ?? [];
        foreach (var (field, type) in fields)
        {
            var mark = required.Contains(field) ? "" : "?";
            Add(page, $"| `{field}`{mark} | {Kind(type!)} | {Cell((string?)type!["description"] ?? "")} |\n");
        }
    }

    /// <summary>A type in a few words, records as links.</summary>
    private static string Kind(JsonNode schema)
    {
        if (schema is JsonObject { Count: 0 })
            return "any JSON";
        if (schema["$ref"] is { } reference)
        {
            var name = ((string)reference!).Split('/')[^1];
            return $"[{name}](#{name.ToLowerInvariant()})";
        }
        if (schema["anyOf"] is JsonArray kinds)
            return string.Join(" or ", kinds.Select(kind => Kind(kind!)));
        if (schema["enum"] is JsonArray words)
            return string.Join(", ", words.Select(word => $"`{word}`"));
        if (schema["additionalProperties"] is JsonObject values)
            return $"{Kind(values)} by name";
        if (schema["items"] is JsonObject items)
            return $"list of {Kind(items)}";
        return schema["type"] is JsonArray several ? string.Join(" or ", several) : (string)schema["type"]!;
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    private static void Add(StringBuilder page, string text) => page.Append(CultureInfo.InvariantCulture, $"{text}");
}
