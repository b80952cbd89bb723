using System.Globalization;
using System.Numerics;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Wire;

/// <summary>The number of a version, which MLflow's clients send as text.</summary>
internal static class VersionNumber
{
    /// <summary>A whole number that no version can have is read as 0, which none has either.</summary>
    public static int Read(WireObject fields)
    {
        var text = fields.Required("version");
        if (!BigInteger.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number))
            throw Fault.Invalid(
                "mlflow.version_number",
                $"Parameter 'version' must be an integer, got '{text}'.",
                "version"
            );
        return number >= 1 && number <= int.MaxValue ? (int)number : 0;
    }
}
