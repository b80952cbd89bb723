using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Doors.Mlflow.Wire;

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
        door.Post("2.0/mlflow/traces", traces.StartV2, TraceRequests.StartTraceV2);
        door.Get("2.0/mlflow/traces", traces.SearchV2, TraceRequests.SearchTracesV2);
        door.Patch("2.0/mlflow/traces/{request_id}", traces.EndV2, TraceRequests.EndTraceV2);
        door.Get("2.0/mlflow/traces/{request_id}/info", traces.GetV2);
        door.Post("3.0/mlflow/traces", traces.Start, TraceRequests.StartTrace);
        door.Post("3.0/mlflow/traces/search", traces.Search, TraceRequests.SearchTraces);
        door.Get("3.0/mlflow/traces/get", traces.GetRecorded, TraceRequests.GetTrace);
        door.Get("3.0/mlflow/traces/batchGet", traces.GetManyRecorded, TraceRequests.GetTraces);
        door.Post("3.0/mlflow/traces/batchGetInfos", traces.GetMany, TraceRequests.GetTraces);
        door.Post("3.0/mlflow/traces/metrics", traces.Measure, TraceRequests.MeasureTraces);
        door.Post("3.0/mlflow/traces/calculate-filter-correlation", traces.Correlate, TraceRequests.CorrelateTraces);
        door.Get("3.0/mlflow/traces/{trace_id}", traces.Get);
        door.Post("2.0/mlflow/traces/link-to-run", traces.LinkToRun, TraceRequests.LinkTraces);
        door.Post("2.0/mlflow/traces/link-prompts", traces.LinkPrompts, TraceRequests.LinkPrompts);
        foreach (var version in new[] { "2.0", "3.0" })
        {
            door.Patch($"{version}/mlflow/traces/{{trace_id}}/tags", traces.SetTag, TraceRequests.SetTraceTag);
            door.Delete($"{version}/mlflow/traces/{{trace_id}}/tags", traces.DeleteTag, TraceRequests.DeleteTraceTag);
            door.Post($"{version}/mlflow/traces/delete-traces", traces.Delete, TraceRequests.DeleteTraces);
            door.MapAt("GET", $"/ajax-api/{version}/mlflow/get-trace-artifact", traces.Artifact);
        }

        var assessments = app.ServiceProvider.GetRequiredService<Assessments>();
        door.Post("3.0/mlflow/traces/{trace_id}/assessments", assessments.Create, TraceRequests.CreateAssessment);
        door.Get("3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", assessments.Get);
        door.Patch(
            "3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}",
            assessments.Update,
            TraceRequests.UpdateAssessment
        );
        door.Delete("3.0/mlflow/traces/{trace_id}/assessments/{assessment_id}", assessments.Delete);
    }
}
