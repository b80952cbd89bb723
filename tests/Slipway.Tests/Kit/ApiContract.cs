using System.Net.Http.Headers;
using System.Text.Json;

namespace Slipway.Tests.Kit;

/// <summary>
/// Holds what goes over the wire of the native API against its own document, in every test that talks to a server: an
/// answer is of a status that the document names and is what it says of that status, and a request that the server took
/// is one that the document allows.
/// </summary>
public sealed class ApiContract(HttpMessageHandler inner) : DelegatingHandler(inner)
{
    private const string Root = "/api/v1/";

    private static readonly Lazy<JsonElement> document = new(() =>
        JsonDocument
            .Parse(File.ReadAllText(Path.Combine(SlipwayProcess.RepositoryRoot, "docs", "reference", "openapi.json")))
            .RootElement
    );

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var call = Find(request);
        var sent =
            call is not null && IsJson(request.Content?.Headers.ContentType)
                ? await request.Content!.ReadAsStringAsync(cancellationToken)
                : null;
        var answer = await base.SendAsync(request, cancellationToken);
        if (call is not { } found)
            return answer;
        var breaches = new List<string>();
        if (answer.IsSuccessStatusCode && sent is not null && found.TryGetProperty("requestBody", out var taken))
            Check(taken, sent, "the request", breaches);
        if (Response(found, answer) is not { } given)
            breaches.Add($"the status {(int)answer.StatusCode} is not named");
        else if (IsJson(answer.Content.Headers.ContentType) && request.Method != HttpMethod.Head)
            Check(given, await answer.Content.ReadAsStringAsync(cancellationToken), "the answer", breaches);
        Assert.True(
            breaches.Count == 0,
            $"{request.Method} {request.RequestUri} is not as documented:\n{string.Join('\n', breaches)}"
        );
        return answer;
    }

    private static bool IsJson(MediaTypeHeaderValue? type) =>
        type?.MediaType is "application/json" or "application/problem+json";

    /// <summary>The call of the document that a request makes; null where it makes none.</summary>
    private static JsonElement? Find(HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath;
        if (!path.StartsWith(Root, StringComparison.Ordinal))
            return null;
        var matching = document
            .Value.GetProperty("paths")
            .EnumerateObject()
            .Where(candidate => IsOf(path, candidate.Name))
            // The one with fewer holes is the one that the server takes.
            .OrderBy(candidate => candidate.Name.Count(c => c == '{'))
            .Where(candidate => candidate.Value.TryGetProperty(request.Method.Method.ToLowerInvariant(), out _))
            .ToList();
        return matching.Count == 0 ? null : matching[0].Value.GetProperty(request.Method.Method.ToLowerInvariant());
    }

    /// <summary>A hole takes one part of the path; the hole called path all the rest.</summary>
    private static bool IsOf(string path, string template)
    {
        var (parts, places) = (path.Split('/'), template.Split('/'));
        var takesRest = places[^1] == "{path}";
        return (takesRest ? parts.Length >= places.Length : parts.Length == places.Length)
            && places.Zip(parts).All(pair => pair.First == pair.Second || pair.First.StartsWith('{'));
    }

    private static JsonElement? Response(JsonElement call, HttpResponseMessage answer)
    {
        var responses = call.GetProperty("responses");
        return responses.TryGetProperty($"{(int)answer.StatusCode}", out var named) ? named
            : answer.IsSuccessStatusCode ? null
            : responses.GetProperty("default");
    }

    private static void Check(JsonElement place, string text, string what, List<string> breaches)
    {
        if (!place.TryGetProperty("content", out var content))
        {
            breaches.Add($"{what} should be empty and is {text}");
            return;
        }
        if (content.EnumerateObject().First().Value is var media && media.TryGetProperty("schema", out var schema))
            JsonSchema.Check(document.Value, schema, JsonDocument.Parse(text).RootElement, what, breaches);
    }
}
