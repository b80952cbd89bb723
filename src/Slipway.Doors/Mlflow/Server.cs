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
}
