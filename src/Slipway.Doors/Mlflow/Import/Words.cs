using System.Globalization;
using Slipway.Tracing;
using Slipway.Tracking;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>MLflow's words and numbers for what the house has its own for.</summary>
internal static class Words
{
    public static Lifecycle Lifecycle(string? stage) =>
        stage == "deleted" ? Tracking.Lifecycle.Deleted : Tracking.Lifecycle.Active;

    /// <summary>A status by its name, or by the number that files have for it.</summary>
    public static RunStatus Status(string? word) =>
        word switch
        {
            "SCHEDULED" or "2" => RunStatus.Scheduled,
            "FINISHED" or "3" => RunStatus.Finished,
            "FAILED" or "4" => RunStatus.Failed,
            "KILLED" or "5" => RunStatus.Killed,
            _ => RunStatus.Running,
        };

    public static LoggedModelStatus ModelStatus(long? number) =>
        number switch
        {
            2 => LoggedModelStatus.Ready,
            3 => LoggedModelStatus.UploadFailed,
            _ => LoggedModelStatus.Pending,
        };

    public static TraceState TraceState(string? word) =>
        word switch
        {
            "OK" => Tracing.TraceState.Ok,
            "ERROR" => Tracing.TraceState.Error,
            "IN_PROGRESS" => Tracing.TraceState.InProgress,
            _ => Tracing.TraceState.Unspecified,
        };

    /// <summary>A number as Python writes and reads it; null where it is none.</summary>
    public static double? Number(ReadOnlySpan<char> text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : text.TrimStart('+').Equals("inf", StringComparison.OrdinalIgnoreCase) ? double.PositiveInfinity
        : text.Equals("-inf", StringComparison.OrdinalIgnoreCase) ? double.NegativeInfinity
        : text.TrimStart("+-").Equals("nan", StringComparison.OrdinalIgnoreCase) ? double.NaN
        : null;
}
