using System.Text.Json;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>
/// NaN, Infinity and -Infinity written without quotes, as Python's JSON writer does and JSON does not allow. MLflow's
/// server reads such a body, and then finds the number unfit; so they are put in quotes with a mark that says so.
/// </summary>
internal static class BareNumbers
{
    private const string Mark = "\0bare number";

    public static bool IsOne(JsonElement json) => json.ValueKind == JsonValueKind.String && json.ValueEquals(Mark);

    /// <summary>The same text with bare numbers in quotes; null where it has none.</summary>
    public static byte[]? Quote(ReadOnlySpan<byte> body)
    {
        var quoted = new List<byte>(body.Length + 32);
        var found = false;
        var inText = false;
        for (var i = 0; i < body.Length; i++)
        {
            if (inText)
            {
                inText = body[i] != (byte)'"';
                if (body[i] == (byte)'\\' && i + 1 < body.Length)
                    quoted.Add(body[i++]);
            }
            else if (LengthAt(body[i..]) is var length and > 0)
            {
                found = true;
                quoted.AddRange("\"\\u0000bare number\""u8);
                i += length - 1;
                continue;
            }
            else
            {
                inText = body[i] == (byte)'"';
            }
            quoted.Add(body[i]);
        }
        return found ? [.. quoted] : null;
    }

    private static int LengthAt(ReadOnlySpan<byte> text) =>
        text.StartsWith("NaN"u8) ? 3
        : text.StartsWith("Infinity"u8) ? 8
        : text.StartsWith("-Infinity"u8) ? 9
        : 0;
}
