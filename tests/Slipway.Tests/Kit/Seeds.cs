namespace Slipway.Tests.Kit;

/// <summary>How many cycles or seeds a heavy test runs: few by default, the full count where SLIPWAY_TEST_LONG is set.</summary>
public static class Seeds
{
    public static bool Long { get; } = Environment.GetEnvironmentVariable("SLIPWAY_TEST_LONG") == "1";

    public static int Count(int normally, int inTheLongForm) => Long ? inTheLongForm : normally;
}
