using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Doors.Mlflow;

/// <summary>The routes of traces and assessments.</summary>
public static partial class MlflowDoor
{
    private static void AddTraceServices(IServiceCollection services)
    {
        services.AddSingleton<Traces>();
        services.AddSingleton<Assessments>();
    }

    private static void MapTraces(DoorRoutes door, IEndpointRouteBuilder app)
    {
        var traces = app.ServiceProvider.GetRequiredService<Traces>();
        door.Post("2.0/mlflow/traces", traces.StartV2);
        door.Get("2.0/mlflow/traces", traces.SearchV2);
        door.Patch("2.0/mlflow/traces/{request_id}", traces.EndV2);
        door.Get("2.0/mlflow/traces/{request_id}/info", traces.GetV2);
        door.Post("3.0/mlflow/traces", traces.Start);
        door.Post("3.0/mlflow/traces/search", traces.Search);
        door.Get("3.0/mlflow/traces/get", traces.GetRecorded);
        door.Get("3.0/mlflow/traces/batchGet", traces.GetManyRecorded);
        door.Post("3.0/mlflow/traces/batchGetInfos", traces.GetMany);
        door.Post("3.0/mlflow/traces/metrics", traces.Measure);
        door.Post("3.0/mlflow/traces/calculate-filter-correlation", traces.Correlate);
        door.Get("3.0/mlflow/traces/{trace_id}", traces.Get);
        door.Post("2.0/mlflow/traces/link-to-run", traces.LinkToRun);
        door.Post("2.0/mlflow/traces/link-prompts", traces.LinkPrompts);
        foreach (var version in new[] { "2.0", "3.0" })
        {
            door.Patch($"{version}/mlflow/traces/{{trace_id}}/tags", traces.SetTag);
            door.Delete($"{version}/mlflow/traces/{{trace_id}}/tags", traces.DeleteTag);
            door.Post($"{version}/mlflow/traces/delete-traces", traces.Delete);
            door.MapAt("GET", $"/ajax-api/{version}/mlflow/get-trace-artifact", traces.Artifact);
        }

        var assessments = app.ServiceProvider.GetRequiredService<Assessments>();
        door.Post("3.0/mlflow/traces/{trace_id}/assessments", assessments.Create);
        door.Get("3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", assessments.Get);
        door.Patch("3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", assessments.Update);
        door.Delete("3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", assessments.Delete);
    }
}
