using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Slipway.Sdk;

namespace Slipway.Foundation.Http;

/// <summary>
/// One request to the native API. Values are taken by name and JSON goes through generated code, so that a route costs
/// nothing at the start of the server, and what does not fit is refused in the house's own words.
/// </summary>
public readonly struct ApiCall(HttpContext http, ApiDescription about)
{
    public HttpContext Http => http;

    public CancellationToken Cancellation => http.RequestAborted;

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>A value of the query, which the route says that it asks for.</summary>
    public T Query<T>(ApiQuery<T> query) =>
        about.Queries.Contains(query)
            ? query.Read(http.Request.Query)
            : throw new InvalidOperationException($"This route reads '{query.Name}' and does not say so.");

    /// <summary>Says that what is answered was made by this call.</summary>
    public void Created() =>
        http.Response.StatusCode = about.Statuses.Contains(StatusCodes.Status201Created)
            ? StatusCodes.Status201Created
            : throw new InvalidOperationException("This route makes something and does not say so.");

    /// <summary>The record that the body holds.</summary>
    internal async Task<T> ReadAsync<T>()
    {
        var request = http.Request;
        // A page of another origin can send every other type without being asked for permission first.
        if (!request.HasJsonContentType())
            throw Fault.Invalid("request.content_type", "The body has to be JSON: Content-Type: application/json.");
        try
        {
            return await JsonSerializer.DeserializeAsync(request.BodyReader, about.RecordOf<T>(), Cancellation)
                ?? throw Fault.Invalid("request.json", "The body is null; this call takes an object.");
        }
        catch (JsonException e)
        {
            throw Explain(e);
        }
    }

    internal async Task AnswerAsync<T>(T record)
    {
        if (about.Statuses is [var status])
            http.Response.StatusCode = status;
        http.Response.ContentType = "application/json";
        await JsonSerializer.SerializeAsync(http.Response.BodyWriter, record, about.RecordOf<T>(), Cancellation);
    }

    internal void AnswerNothing()
    {
        if (about.GivesNothing)
            http.Response.StatusCode = StatusCodes.Status204NoContent;
    }

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
