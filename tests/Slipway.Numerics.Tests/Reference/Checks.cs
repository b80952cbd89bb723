using System.Globalization;
using System.Text.Json;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>
/// Holds what we compute against what a case expects, and collects every difference by name. Where the case has an error,
/// a note in place of numbers, or no number, the answer must be "not computable" and never a figure.
/// </summary>
internal sealed class Checks(string caseId)
{
    private readonly List<string> failures = [];

    public int Count { get; private set; }

    public void Number(
        string name,
        JsonElement expected,
        Func<double> compute,
        double relative = 1e-9,
        double absolute = 1e-12
    )
    {
        Count++;
        double? actual;
        string? why = null;
        try
        {
            actual = compute();
        }
        catch (NotComputableException exception)
        {
            actual = null;
            why = exception.Message;
        }
        if (expected.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
        {
            if (actual is not null)
                Fail(name, "not computable", Say(actual.Value));
            return;
        }
        var number = Read(expected);
        if (double.IsNaN(number) && (actual is null || double.IsNaN(actual.Value)))
            return;
        if (actual is not { } value)
            Fail(name, Say(number), $"not computable: {why}");
        else if (!Near(number, value, relative, absolute))
            Fail(name, Say(number), Say(value));
    }

    public void Numbers(
        string name,
        JsonElement expected,
        Func<double[]> compute,
        double relative = 1e-9,
        double absolute = 1e-12
    )
    {
        Count++;
        double[]? actual;
        try
        {
            actual = compute();
        }
        catch (NotComputableException)
        {
            actual = null;
        }
        if (expected.ValueKind != JsonValueKind.Array)
        {
            if (actual is not null)
                Fail(name, "not computable", string.Join(' ', actual.Select(Say)));
            return;
        }
        var numbers = expected.EnumerateArray().Select(Read).ToArray();
        if (
            actual is null
            || actual.Length != numbers.Length
            || numbers.Zip(actual).Any(pair => !Near(pair.First, pair.Second, relative, absolute))
        )
            Fail(name, Join(numbers), actual is null ? "not computable" : Join(actual));

        static string Join(double[] values) => string.Join(' ', values.Select(Say));
    }

    public void Fail(string name, string expected, string actual) =>
        failures.Add($"{caseId} {name}: expected {expected}, actual {actual}");

    public void Verdict() => Assert.True(failures.Count == 0, string.Join('\n', failures));

    /// <summary>A number of a case, with its words for what JSON cannot write.</summary>
    public static double Read(JsonElement value) =>
        value.ValueKind == JsonValueKind.String
            ? double.Parse(value.GetString()!, CultureInfo.InvariantCulture)
            : value.GetDouble();

    public static double[] ReadAll(JsonElement values) => [.. values.EnumerateArray().Select(Read)];

    private static bool Near(double expected, double actual, double relative, double absolute) =>
        expected.Equals(actual) || Math.Abs(expected - actual) <= Math.Max(absolute, relative * Math.Abs(expected));

    private static string Say(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
