using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Faults;

/// <summary>Holds docs/reference/reliability.md to the tests that it names.</summary>
public sealed partial class ReliabilityPageTests
{
    private static readonly string Page = File.ReadAllText(
        Path.Combine(SlipwayProcess.RepositoryRoot, "docs", "reference", "reliability.md")
    );

    [Fact]
    public void Every_test_that_the_page_names_exists()
    {
        var tests = typeof(ReliabilityPageTests)
            .Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Tests", StringComparison.Ordinal))
            .ToLookup(type => type.Name, type => type.GetMethods().Where(IsTest).Select(method => method.Name));
        var named = TestNames().Matches(Page).Select(match => match.Groups["name"].Value).ToList();
        var missing = named.Where(name =>
            name.Split('.') is not [var type, .. var method]
            || !tests[type].Any(methods => method is [] ? methods.Any() : methods.Contains(method[0]))
        );

        Assert.True(named.Count > 40, $"{named.Count} tests are named.");
        Assert.Empty(missing);
    }

    [Fact]
    public void No_fault_is_left_out_and_those_without_a_test_say_so()
    {
        int[] faults =
        [
            .. Enumerable.Range(1, 16),
            .. Enumerable.Range(20, 3),
            .. Enumerable.Range(24, 4),
            30,
            31,
            32,
            33,
        ];
        var rows = Page.Split('\n').Where(line => line.StartsWith("| F", StringComparison.Ordinal)).ToList();
        foreach (var fault in faults)
        {
            var start = string.Create(CultureInfo.InvariantCulture, $"| F{fault:00} ");
            var row = rows.Find(row => row.StartsWith(start, StringComparison.Ordinal));
            Assert.True(row is not null, $"F{fault:00} is missing.");
            Assert.True(TestNames().IsMatch(row) || row.Contains("not shown by a test", StringComparison.Ordinal), row);
        }
    }

    private static bool IsTest(MethodInfo method) =>
        method.GetCustomAttributes().Any(attribute => attribute is FactAttribute);

    [GeneratedRegex("`(?<name>[A-Za-z0-9]+Tests(\\.[A-Za-z0-9_]+)?)`", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TestNames();
}
