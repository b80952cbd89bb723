using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// One request to the native API. Values are taken by name and JSON goes through generated code, so that a route costs
/// nothing at the start of the server, and what does not fit is refused in the house's own words.
/// </summary>
public readonly struct ApiCall(HttpContext http)
{
    public HttpContext Http => http;

    public CancellationToken Cancellation => http.RequestAborted;

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>A value of the query; null where there is none.</summary>
    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var values) ? values[^1] : null;

    public string RequiredQuery(string name) =>
        Query(name) is { Length: > 0 } value
            ? value
            : throw Fault.Invalid("request.missing", $"'{name}' is missing.", name);

    /// <summary>All values of the query by one name: <c>?order_by=a&amp;order_by=b</c>.</summary>
    public IReadOnlyList<string> QueryAll(string name) =>
        http.Request.Query.TryGetValue(name, out var values) ? [.. values.OfType<string>()] : [];

    public int QueryWhole(string name, int fallback, int least, int most)
    {
        if (Query(name) is not { } text)
            return fallback;
        return
            int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            && number >= least
            && number <= most
            ? number
            : throw Fault.Invalid(
                "request.number",
                $"'{name}' is a whole number from {least} to {most}, not '{text}'.",
                name
            );
    }

    /// <summary>The record that the body holds.</summary>
    public async Task<T> ReadAsync<T>(JsonTypeInfo<T> type)
    {
        var request = http.Request;
        // A page of another origin can send every other type without being asked for permission first.
        if (!request.HasJsonContentType())
            throw Fault.Invalid("request.content_type", "The body has to be JSON: Content-Type: application/json.");
        try
        {
            return await JsonSerializer.DeserializeAsync(request.BodyReader, type, Cancellation)
                ?? throw Fault.Invalid("request.json", "The body is null; this call takes an object.");
        }
        catch (JsonException e)
        {
            throw Explain(e);
        }
    }

    public async Task AnswerAsync<T>(JsonTypeInfo<T> type, T record, int status = StatusCodes.Status200OK)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.BodyWriter, record, type, Cancellation);
    }

    public void AnswerNothing() => http.Response.StatusCode = StatusCodes.Status204NoContent;

    /// <summary>The reader's own words name types of ours; what a caller needs of them are the names of fields.</summary>
    private static Fault Explain(JsonException e)
    {
        var names = string.Join(
            ", ",
            e.Message.Split('\'').Where((_, i) => i % 2 == 1).Where(name => !name.Contains('.'))
        );
        var why =
            e.Message.Contains("missing required properties", StringComparison.Ordinal) ? $"missing: {names}"
            : e.Message.Contains("could not be mapped", StringComparison.Ordinal) ? $"there is no field '{names}' here"
            : $"line {e.LineNumber + 1}, byte {e.BytePositionInLine + 1}";
        return Fault.Invalid(
            "request.json",
            $"The body is not the JSON this call takes: {why}.",
            e.Path?.TrimStart('$', '.')
        );
    }
}

/// <summary>Maps routes of the native API.</summary>
public static class ApiRoutes
{
    public static IEndpointConventionBuilder MapApi(
        this IEndpointRouteBuilder app,
        string method,
        string pattern,
        Func<ApiCall, Task> endpoint,
        ApiDescription? description = null
    )
    {
        var route = app.MapMethods(pattern, [method], http => endpoint(new ApiCall(http)));
        route.WithMetadata(
            new ApiOperation(Group(endpoint), JsonNamingPolicy.CamelCase.ConvertName(endpoint.Method.Name))
        );
        if (description is not null)
            route.WithMetadata(description);
        return route;
    }

    private static string Group(Func<ApiCall, Task> endpoint) =>
        JsonNamingPolicy.CamelCase.ConvertName(
            endpoint.Method.DeclaringType!.Name.Replace("Endpoints", "", StringComparison.Ordinal)
        );
}
