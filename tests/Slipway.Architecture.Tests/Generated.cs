using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests;

/// <summary>Pages that are written by the tests: compared as a rule, written anew when SLIPWAY_REGENERATE=1 is set.</summary>
internal static class Generated
{
    /// <summary>How code that is written by a test begins: it is as long as what it is written from.</summary>
    public const string Mark = "// Generated:";

    public static void Matches(string path, string text, string test)
    {
        var file = Path.Combine(SourceTree.Root, path);
        if (Environment.GetEnvironmentVariable("SLIPWAY_REGENERATE") == "1")
            File.WriteAllText(file, text);
        Assert.True(
            File.Exists(file) && File.ReadAllText(file) == text,
            $"{path} is out of date. Write it anew with: SLIPWAY_REGENERATE=1 ./test {test}"
        );
    }
}
