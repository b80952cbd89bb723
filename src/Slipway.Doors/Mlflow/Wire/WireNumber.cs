using System.Globalization;
using System.Text.Json;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>Doubles as MLflow's wire has them: NaN and infinities are texts, and a stored infinity is the largest double.</summary>
internal static class WireNumber
{
    public static double? Read(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number => value.GetDouble(),
            JsonValueKind.True => 1,
            JsonValueKind.False => 0,
            JsonValueKind.String => Parse(value.GetString()!),
            _ => null,
        };

    /// <summary>A whole number, also written as 7.0 or as a text.</summary>
    public static long? ReadWhole(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt64(out var whole) => whole,
            JsonValueKind.Number
                when value.TryGetDouble(out var number) && number == Math.Floor(number) && Math.Abs(number) < 9e18 =>
                (long)number,
            JsonValueKind.String
                when long.TryParse(
                    value.GetString(),
                    NumberStyles.AllowLeadingSign,
                    CultureInfo.InvariantCulture,
                    out var whole
                ) => whole,
            _ => null,
        };

    public static double? Parse(string text) =>
        text switch
        {
            "NaN" or "nan" => double.NaN,
            "Infinity" or "inf" or "+Infinity" => double.PositiveInfinity,
            "-Infinity" or "-inf" => double.NegativeInfinity,
            _ => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number
                : null,
        };

    /// <summary>What is stored for a metric: infinities become the largest finite values, as MLflow's store has it.</summary>
    public static double Storable(double value) =>
        double.IsPositiveInfinity(value) ? double.MaxValue
        : double.IsNegativeInfinity(value) ? double.MinValue
        : value;

    public static void Write(Utf8JsonWriter writer, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(
                name,
                double.IsNaN(value) ? "NaN"
                    : value > 0 ? "Infinity"
                    : "-Infinity"
            );
    }
}
