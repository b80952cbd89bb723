namespace Slipway.Architecture.Tests;

/// <summary>Breaches are sentences; a test shows all of them.</summary>
internal static class Verdict
{
    public static void Clean(IEnumerable<string> breaches)
    {
        var found = breaches.Distinct().Order(StringComparer.Ordinal).ToList();
        Assert.True(found.Count == 0, $"{found.Count} found:\n{string.Join('\n', found)}");
    }

    public static void Names(string expected, IEnumerable<string> breaches) =>
        Assert.Equal([expected], breaches.Distinct());
}
