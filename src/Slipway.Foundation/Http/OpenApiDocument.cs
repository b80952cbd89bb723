using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
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
    private const string Root = "/api/v1/";
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private readonly OpenApiSchemas schemas = new();
    private readonly JsonObject paths = [];

    private OpenApiDocument() { }

    /// <summary>GET /api/v1/openapi.json</summary>
    public static void Map(IEndpointRouteBuilder app)
    {
        var sources = app.DataSources;
        var document = new Lazy<string>(() => Write(sources.SelectMany(source => source.Endpoints)));
        [Description("This document.")]
        Task OpenApi(ApiCall call)
        {
            call.Http.Response.ContentType = "application/json";
            return call.Http.Response.WriteAsync(document.Value, call.Cancellation);
        }
        new ApiRoutes(app, ServerRecords.Default)
            .Map("GET", Root + "openapi.json", OpenApi)
            .GivesText("application/json");
    }

    public static string Write(IEnumerable<Endpoint> endpoints)
    {
        var document = new OpenApiDocument();
        var operations = endpoints
            .OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<ApiDescription>() is not null)
            .OrderBy(endpoint => endpoint.RoutePattern.RawText, StringComparer.Ordinal)
            .ThenBy(endpoint => Method(endpoint), StringComparer.Ordinal);
        foreach (var endpoint in operations)
            document.Add(endpoint);
        return document.schemas.Settle(document.ToNode()).ToJsonString(Indented) + "\n";
    }

    private static string Method(Endpoint endpoint) =>
        endpoint.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0];

    private JsonObject ToNode() =>
        new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject { ["title"] = "Slipway", ["version"] = "1" },
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas.ToNode(),
                ["securitySchemes"] = new JsonObject
                {
                    ["basic"] = new JsonObject { ["type"] = "http", ["scheme"] = "basic" },
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
            },
            ["security"] = new JsonArray(Scheme("basic"), Scheme("token")),
        };

    private static JsonObject Scheme(string name) => new() { [name] = new JsonArray() };

    private void Add(RouteEndpoint endpoint)
    {
        var about = endpoint.Metadata.GetMetadata<ApiDescription>()!;
        var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(Segment));
        var group = path[Root.Length..].Split('/')[0];
        var node = new JsonObject
        {
            ["operationId"] = $"{group}.{about.Name}",
            ["tags"] = new JsonArray(group),
            ["summary"] = about.Summary,
            ["parameters"] = new JsonArray([.. Parameters(endpoint.RoutePattern, about)]),
        };
        if (about.Takes is { } takes)
            node["requestBody"] = Body(Content("application/json", schemas.Taken(about.RecordOf(takes))));
        else if (about.TakesMedia is { } media)
            node["requestBody"] = Body(Content(media, new JsonObject()));
        node["responses"] = Responses(about);
        if (endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null)
            node["security"] = new JsonArray();
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

    private static IEnumerable<JsonNode> Parameters(RoutePattern pattern, ApiDescription about)
    {
        foreach (var parameter in pattern.Parameters)
        {
            var node = new JsonObject
            {
                ["name"] = parameter.Name,
                ["in"] = "path",
                ["required"] = true,
                ["schema"] = new JsonObject { ["type"] = "string" },
            };
            if (parameter.IsCatchAll)
                node["description"] = "All the rest of the address, slashes included.";
            yield return node;
        }
        foreach (var query in about.Queries)
            yield return new JsonObject
            {
                ["name"] = query.Name,
                ["in"] = "query",
                ["description"] = query.About,
                ["required"] = query.IsRequired,
                ["schema"] = query.Schema(),
            };
    }

    private JsonObject Responses(ApiDescription about)
    {
        var responses = new JsonObject();
        foreach (var status in about.Statuses)
        {
            var response = new JsonObject { ["description"] = Meaning(status) };
            if (status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
                response["content"] = Content(about.GivesMedia, Answer(about));
            responses[$"{status}"] = response;
        }
        responses["default"] = new JsonObject
        {
            ["description"] = "Refused or failed.",
            ["content"] = Content("application/problem+json", OpenApiSchemas.Problem()),
        };
        return responses;
    }

    private JsonNode Answer(ApiDescription about)
    {
        if (about.Gives is not { } gives)
            return new JsonObject();
        var record = schemas.Given(about.RecordOf(gives));
        return about.GivesMedia == "application/json"
            ? record
            : new JsonObject
            {
                ["type"] = "string",
                ["contentMediaType"] = "application/json",
                ["contentSchema"] = record,
            };
    }

    private static string Meaning(int status) =>
        status switch
        {
            StatusCodes.Status201Created => "Made.",
            StatusCodes.Status204NoContent => "Done; there is nothing to say.",
            StatusCodes.Status206PartialContent => "The part that was asked for.",
            StatusCodes.Status304NotModified => "The caller has it already.",
            StatusCodes.Status503ServiceUnavailable => "All is not well.",
            _ => "Done.",
        };

    private static JsonObject Body(JsonObject content) => new() { ["required"] = true, ["content"] = content };

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };
}
