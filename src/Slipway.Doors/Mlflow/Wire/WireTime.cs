using System.Globalization;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>Times and durations as protobuf's JSON has them: 2026-01-02T03:04:05.678Z and 1.250s, with three decimals or none.</summary>
internal static class WireTime
{
    public static string Time(long milliseconds)
    {
        var time = DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
        return time.ToString(
            milliseconds % 1000 == 0 ? "yyyy-MM-ddTHH:mm:ssZ" : "yyyy-MM-ddTHH:mm:ss.fffZ",
            CultureInfo.InvariantCulture
        );
    }

    public static string Duration(long milliseconds) =>
        milliseconds % 1000 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000}s")
            : string.Create(CultureInfo.InvariantCulture, $"{milliseconds / 1000m:F3}s");

    public static long? ParseTime(string text) =>
        text.Length >= 20
        && text[10] == 'T'
        && (text[^1] == 'Z' || text[^6] is '+' or '-')
        && DateTimeOffset.TryParse(
            text,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var time
        )
            ? time.ToUnixTimeMilliseconds()
            : null;

    public static long? ParseDuration(string text) =>
        text.EndsWith('s')
        && decimal.TryParse(
            text.AsSpan(0, text.Length - 1),
            NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var seconds
        )
        && Math.Abs(seconds) < 315_576_000_001
            ? (long)(seconds * 1000)
            : null;
}
