using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// A page token as MLflow writes it: how many items the pages before had. Clients send it back as it is, and some
/// build their own, so its form is part of the wire.
/// </summary>
internal static class OffsetToken
{
    public static string Write(int offset) =>
        Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{{\"offset\": {offset.ToString(CultureInfo.InvariantCulture)}}}")
        );

    public static int Read(WireObject fields)
    {
        var token = fields.Text("page_token");
        if (string.IsNullOrEmpty(token))
            return 0;
        try
        {
            using var json = JsonDocument.Parse(Convert.FromBase64String(token));
            if (
                json.RootElement.ValueKind == JsonValueKind.Object
                && json.RootElement.TryGetProperty("offset", out var offset)
                && offset.TryGetDouble(out var number)
                && number <= int.MaxValue
            )
                return (int)Math.Max(number, 0);
        }
        catch (Exception e) when (e is FormatException or JsonException or InvalidOperationException)
        {
            // Falls through to the one refusal.
        }
        throw Fault.Invalid("mlflow.page_token", "Invalid page token, could not base64-decode", "page_token");
    }
}
