using System.Text.Json;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>MLflow's enums by name or number; one that is not known is as good as none, as protobuf has it.</summary>
internal static class WireEnums
{
    public static View View(WireObject fields, string name) =>
        NameOf(fields, name) switch
        {
            "DELETED_ONLY" or "2" => Tracking.View.DeletedOnly,
            "ALL" or "3" => Tracking.View.All,
            _ => Tracking.View.ActiveOnly,
        };

    public static RunStatus? Status(WireObject fields) =>
        NameOf(fields, "status") switch
        {
            "RUNNING" or "1" => RunStatus.Running,
            "SCHEDULED" or "2" => RunStatus.Scheduled,
            "FINISHED" or "3" => RunStatus.Finished,
            "FAILED" or "4" => RunStatus.Failed,
            "KILLED" or "5" => RunStatus.Killed,
            _ => null,
        };

    public static string? NameOf(WireObject fields, string name) =>
        fields.Json.ValueKind == JsonValueKind.Object
        && fields.Json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
            ? value.GetRawText()
            : fields.Text(name);
}
