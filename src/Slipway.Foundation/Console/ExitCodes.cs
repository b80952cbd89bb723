using Slipway.Sdk;

namespace Slipway.Foundation.Console;

/// <summary>How a fault ends a command: the column "CLI exit" of the table of errors.</summary>
public static class ExitCodes
{
    public const int Done = 0;

    /// <summary>The disk did not keep what was written (EX_IOERR).</summary>
    public const int NotDurable = 74;

    /// <summary>The installation is at fault: a folder, an address, a lock (EX_CONFIG).</summary>
    public const int Setup = 78;

    public const int Interrupted = 130;

    public static int Of(Fault fault) =>
        fault.Kind switch
        {
            FaultKind.Invalid => 2,
            _ when fault.Code.StartsWith("setup.", StringComparison.Ordinal) => Setup,
            FaultKind.NotFound => 3,
            FaultKind.Conflict => 4,
            FaultKind.Unauthenticated or FaultKind.Denied => 5,
            FaultKind.Busy or FaultKind.Unavailable => 6,
            FaultKind.Unsupported => 7,
            _ => 70,
        };
}
