using System.ComponentModel;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;
using Slipway.Governance.Actions;
using Slipway.Sdk.Governance;

namespace Slipway.Governance.Http;

/// <summary>The native API of lineage.</summary>
internal sealed class LineageEndpoints(Lineages lineages)
{
    private static readonly ApiQuery<string> Name = ApiQuery.Required("name", "The name of the data.");
    private static readonly ApiQuery<string> Digest = ApiQuery.Required("digest", "The digest of its version.");

    public static void Map(IEndpointRouteBuilder app)
    {
        var here = new LineageEndpoints(app.ServiceProvider.GetRequiredService<Lineages>());
        var api = new ApiRoutes(app, GovernanceJson.Default);
        api.Map<LineageResource>("GET", "/api/v1/lineage/models/{name}/versions/{version}", here.OfVersion);
        api.Map<LineageResource>("GET", "/api/v1/lineage/runs/{id}", here.OfRun);
        api.Map<LineageResource>("GET", "/api/v1/lineage/logged-models/{id}", here.OfLoggedModel);
        api.Map<LineageResource>("GET", "/api/v1/lineage/datasets", here.OfDataset).Asks(Name, Digest);
    }

    [Description("What a version was made of, and what came of it.")]
    private Task<LineageResource> OfVersion(ApiCall call)
    {
        var (name, number) = GovernanceEndpoints.VersionOf(call);
        return AnswerAsync(call, new LineageNode(LineageNode.ModelVersion, $"{name}/{number}"));
    }

    [Description("What a run read, and what came of it.")]
    private Task<LineageResource> OfRun(ApiCall call) =>
        AnswerAsync(call, new LineageNode(LineageNode.Run, call.Route("id")));

    [Description("What a logged model was made of, and what came of it.")]
    private Task<LineageResource> OfLoggedModel(ApiCall call) =>
        AnswerAsync(call, new LineageNode(LineageNode.LoggedModel, call.Route("id")));

    [Description("What came of a version of data: every run and every model that used it.")]
    private Task<LineageResource> OfDataset(ApiCall call) =>
        AnswerAsync(call, new LineageNode(LineageNode.Dataset, $"{call.Query(Name)}@{call.Query(Digest)}"));

    private async Task<LineageResource> AnswerAsync(ApiCall call, LineageNode root) =>
        Shapes.Of(await lineages.OfAsync(GovernanceEndpoints.CallerOf(call), root, call.Cancellation));
}
