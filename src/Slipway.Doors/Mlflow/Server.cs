using Slipway.Doors.Mlflow.Wire;

namespace Slipway.Doors.Mlflow;

/// <summary>What clients ask about the server itself.</summary>
internal static class Server
{
    public static Task<Answer> Info(Call call) =>
        Task.FromResult<Answer>(writer =>
        {
            writer.WriteString("store_type"u8, "SqlStore");
            writer.WriteBoolean("workspaces_enabled"u8, false);
        });

    /// <summary>Slipway reports nothing to anybody, and MLflow's pages are told so.</summary>
    public static Task<Answer> Telemetry(Call call) =>
        Task.FromResult<Answer>(writer =>
        {
            writer.WriteStartArray("disable_ui_events"u8);
            writer.WriteEndArray();
            writer.WriteBoolean("disable_ui_telemetry"u8, true);
            writer.WriteNumber("ui_rollout_percentage"u8, 0);
        });

    public static Task<Answer> RefuseTelemetry(Call call) =>
        Task.FromResult<Answer>(writer => writer.WriteString("status"u8, "disabled"));
}
