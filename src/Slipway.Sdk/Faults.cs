using System.Net;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Slipway.Sdk;

/// <summary>The client's edge of faults: reads what a server answered back into the fault that was thrown there.</summary>
internal static class Faults
{
    private const int BodyLimit = 64 * 1024;

    public static async Task<Fault> ReadAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        var problem = await ReadProblemAsync(answer, cancellation);
        var kind = KindOf(answer.StatusCode);
        return new Fault(
            kind,
            problem?.Code ?? $"http.{(int)answer.StatusCode}",
            problem?.Title ?? $"The server answered {(int)answer.StatusCode} {answer.ReasonPhrase}.",
            problem?.Hint,
            problem?.Field
        )
        {
            RetryAfter = answer.Headers.RetryAfter?.Delta,
        };
    }

    /// <summary>No answer came: the server does not run, or something stands between.</summary>
    public static Fault Unreachable(Uri server, string why) =>
        new(
            FaultKind.Unavailable,
            "client.unreachable",
            $"The server at {server.GetLeftPart(UriPartial.Authority)} does not answer: {why}",
            "Start it with `slipway up`, or name another one: --server URL or the variable SLIPWAY_SERVER."
        );

    private static FaultKind KindOf(HttpStatusCode status) =>
        (int)status switch
        {
            404 => FaultKind.NotFound,
            409 => FaultKind.Conflict,
            401 => FaultKind.Unauthenticated,
            403 => FaultKind.Denied,
            408 or 429 => FaultKind.Busy,
            501 => FaultKind.Unsupported,
            502 or 503 or 504 or 507 => FaultKind.Unavailable,
            >= 500 => FaultKind.Internal,
            _ => FaultKind.Invalid,
        };

    private static async Task<Problem?> ReadProblemAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (answer.Content.Headers.ContentType?.MediaType is not "application/problem+json")
            return null;
        try
        {
            await answer.Content.LoadIntoBufferAsync(BodyLimit, cancellation);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellation);
            return JsonSerializer.Deserialize(body, ProblemJson.Default.Problem);
        }
        catch (Exception e) when (e is JsonException or HttpRequestException)
        {
            return null;
        }
    }
}

internal sealed record Problem(string? Title, string? Code, string? Hint, string? Field);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ProblemJson : JsonSerializerContext;
