using System.Net;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Slipway.Identity;

namespace Slipway.Tests.Identity.Http;

/// <summary>
/// Attacks D04 and D05, generated from the table of routes: what an administrator can do with a thing, nobody can who
/// was not given it. Each route is tried on things made for it, by each kind of person, the administrator last.
/// </summary>
public sealed class PermissionMatrixTests(PeopledServer server) : IClassFixture<PeopledServer>
{
    /// <summary>Calls that write nothing although they are not GET: whoever may look may make them.</summary>
    private static readonly string[] Reading =
    [
        "search",
        "batchGetInfos",
        "metrics",
        "calculate-filter-correlation",
        "get-latest-versions",
    ];

    /// <summary>Calls about nobody but who makes them, or that make something new in the caller's own workspace.</summary>
    private static readonly string[] OfOnesOwn =
    [
        "POST /api/v1/session",
        "DELETE /api/v1/session",
        "POST /api/v1/tokens",
        "POST /api/v1/roles",
        "POST /api/v1/experiments",
        "POST /api/2.0/mlflow/experiments/create",
        "POST /api/2.0/mlflow/registered-models/create",
    ];

    /// <summary>Who manages a workspace gives grants there on what is not there yet, whatever the number means elsewhere.</summary>
    private static readonly string[] GrantsAhead =
    [
        "POST /api/2.0/mlflow/experiments/permissions/create",
        "POST /api/2.0/mlflow/registered-models/permissions/create",
    ];

    /// <summary>Everybody may put the number of any run on traces of their own.</summary>
    private const string LabelsOfOwnTraces = "POST /api/2.0/mlflow/traces/link-to-run";

    /// <summary>Evaluation datasets are the workspace's own: its editors change them, whatever experiments use them.</summary>
    private const string OfTheWorkspace = "/mlflow/datasets/";

    [Fact]
    public async Task Nobody_does_or_learns_through_any_route_what_they_were_not_given()
    {
        using var admin = server.As(PeopledServer.Admin);
        var breaches = new List<string>();
        var exercised = 0;
        foreach (var route in server.Server.Routes.Where(IsTried))
        foreach (var method in route.Metadata.GetMetadata<IHttpMethodMetadata>()!.HttpMethods)
        {
            var name = $"{method} /{route.RoutePattern.RawText!.TrimStart('/')}";
            var request = await AnyRequest.PrepareAsync(server, admin);
            await server.ShutOutAsync(Resource.Experiment(request.ExperimentId));
            await server.ShutOutAsync(Resource.RegisteredModel(request.RegisteredModel));
            var stranger = await TryAsync(PeopledServer.Stranger, request, route, method);
            var outsider = await TryAsync(PeopledServer.Outsider, request, route, method);
            var viewer = await TryAsync(PeopledServer.Viewer, request, route, method);
            var possible = await TryAsync(PeopledServer.Admin, request, route, method);

            foreach (var (who, answer) in new[] { ("stranger", stranger), ("outsider", outsider) })
            {
                if (request.IsToldOf(answer.Body, answer.IsDone))
                    breaches.Add($"{name}: the {who} learns of what is not theirs ({(int)answer.Status})");
            }
            if (
                (int)viewer.Status >= 500
                && viewer.Status != HttpStatusCode.NotImplemented
                && (int)possible.Status < 500
            )
                breaches.Add($"{name}: the viewer is answered {(int)viewer.Status}");
            if (!possible.IsDone)
                continue;
            exercised++;
            var writes =
                method is not ("GET" or "HEAD") && !Reading.Any(end => name.EndsWith(end, StringComparison.Ordinal));
            if (!writes || OfOnesOwn.Contains(name))
                continue;
            if (viewer.Status != HttpStatusCode.Forbidden)
                breaches.Add($"{name}: the viewer is answered {(int)viewer.Status} and not 403");
            if (name == LabelsOfOwnTraces)
                continue;
            if (outsider.IsDone && !name.Contains(OfTheWorkspace, StringComparison.Ordinal))
                breaches.Add($"{name}: the outsider is answered {(int)outsider.Status} and not 403");
            // Taking away what is not there in the stranger's workspace is done when nothing is done.
            if (
                GrantsAhead.Contains(name)
                || name.StartsWith($"DELETE /api/3.0{OfTheWorkspace}", StringComparison.Ordinal)
            )
                continue;
            if (stranger.IsDone || stranger.Status is not (HttpStatusCode.NotFound or HttpStatusCode.Forbidden))
                breaches.Add($"{name}: the stranger is answered {(int)stranger.Status} and not 404");
        }
        Assert.True(breaches.Count == 0, string.Join('\n', breaches));
        Assert.True(exercised >= 60, $"Only {exercised} routes could be tried out.");
    }

    private async Task<Answer> TryAsync(string person, AnyRequest request, RouteEndpoint route, string method)
    {
        using var client = server.As(person);
        using var answer = await client.SendAsync(request.To(route, method), HttpCompletionOption.ResponseHeadersRead);
        return new Answer(answer.StatusCode, await ReadAsync(answer.Content));
    }

    /// <summary>What is sent live has no end; its first news tells enough.</summary>
    private static async Task<string> ReadAsync(HttpContent content)
    {
        if (content.Headers.ContentType?.MediaType != "text/event-stream")
            return await content.ReadAsStringAsync();
        using var reader = new StreamReader(await content.ReadAsStreamAsync());
        return await reader.ReadLineAsync() ?? "";
    }

    /// <summary>The pages' copies of routes run the same code; what everybody may read has nothing to take.</summary>
    private static bool IsTried(RouteEndpoint route) =>
        route.Metadata.GetMetadata<IAllowAnonymous>() is null
        && route.Metadata.GetMetadata<IHttpMethodMetadata>() is not null
        && !route.RoutePattern.RawText!.TrimStart('/').StartsWith("ajax-api/", StringComparison.Ordinal);

    private sealed record Answer(HttpStatusCode Status, string Body)
    {
        public bool IsDone => (int)Status is >= 200 and < 300;
    }
}
