using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class DocsTests
{
    [Fact]
    public void Links_lead_somewhere_and_code_shown_is_code_that_runs() => Verdict.Clean(Docs.Breaches(House.Real));

    [Fact]
    public void Error_codes_are_unique_and_written_where_they_are_thrown() =>
        Verdict.Clean(ErrorCodes.Breaches(House.Real));

    [Fact]
    public void Error_codes_are_documented() =>
        Generated.Matches("docs/reference/errors.md", ErrorCodes.Page(House.Real), "Error_codes");

    [Fact]
    public void Help_texts_are_documented() =>
        Generated.Matches("docs/reference/cli.md", HelpTexts.Page(), "Help_texts");

    [Fact]
    public async Task Routes_of_the_native_api_are_described() => Verdict.Clean(await ApiDocument.BreachesAsync());

    [Fact]
    public async Task The_native_api_is_documented()
    {
        var document = await ApiDocument.TextAsync();
        Generated.Matches("docs/reference/openapi.json", document, "native_api");
        Generated.Matches("docs/reference/api.md", ApiPage.Write(document), "native_api");
        Generated.Matches("web/src/api/records.ts", WebRecords.Write(document), "native_api");
    }

    [Theory]
    [InlineData("[more](missing.md)", "links to missing.md, which is not there.")]
    [InlineData(
        "[more](../there.md#nowhere)",
        "links to ../there.md#nowhere: no heading of docs/there.md has that anchor."
    )]
    public void A_dead_link_is_named(string link, string breach) =>
        Verdict.Names($"docs/guide/here.md {breach}", Docs.Breaches(WithPage($"# Here\n{link}\n")));

    [Fact]
    public void Live_links_and_links_in_code_pass() =>
        Assert.Empty(
            Docs.Breaches(
                WithPage("# Here\n[a](#here) [b](../there.md#the-heading-there) [c](/docs) `[d](nowhere.md)`\n")
            )
        );

    [Theory]
    [InlineData("```csharp\nvar a = 1;\n```\n", "without the comment <!-- from samples/FILE --> above it.")]
    [InlineData("<!-- from samples/Walk.cs -->\n```csharp\nvar a = 1;\n```\n", "that samples/Walk.cs does not have.")]
    public void Code_that_no_sample_has_is_named(string fence, string breach) =>
        Verdict.Names($"docs/guide/here.md shows code ('var a = 1;') {breach}", Docs.Breaches(WithPage(fence)));

    [Fact]
    public void Code_that_a_sample_has_passes() =>
        Assert.Empty(Docs.Breaches(WithPage("<!-- from samples/Walk.cs -->\n```csharp\nvar a = 2;\nGo(a);\n```\n")));

    [Fact]
    public void A_code_that_is_put_together_or_has_two_kinds_or_two_owners_is_named() =>
        Assert.Equal(
            [
                "src/Slipway/Tracking/Walk.cs:1 makes a fault without writing its code: a code stands whole where it is thrown, so that a search finds it.",
                "src/Slipway/Tracking/Walk.cs:1 has the code Taken: a code looks like run.not_found.",
                "The code a.b has several kinds: Invalid in src/Slipway/Tracking/Walk.cs, Busy in src/Slipway/Registry/Ride.cs.",
                "The code a.b has several owners: Slipway/Tracking, Slipway/Registry.",
            ],
            ErrorCodes.Breaches(
                House.WithFiles(
                    (
                        "src/Slipway/Tracking/Walk.cs",
                        """class Walk { object[] All(string a) => [Fault.Invalid($"{a}.b", ""), Fault.Conflict("Taken", ""), Fault.Invalid("a.b", "")]; }"""
                    ),
                    (
                        "src/Slipway/Registry/Ride.cs",
                        """class Ride { Fault One() => new(FaultKind.Busy, "a.b", ""); }"""
                    )
                )
            )
        );

    [Fact]
    public void The_page_of_codes_shows_sentences_with_gaps_and_hints() =>
        Assert.EndsWith(
            "| `walk.closed` | Conflict | 409 | 4 | The walk … is closed. | Open it. |\n",
            ErrorCodes.Page(
                House.WithFiles(
                    (
                        "src/Slipway/Tracking/Walk.cs",
                        """class Walk { Fault One(string id) => Fault.Conflict("walk.closed", $"The walk {id} " + "is closed.", "Open it."); }"""
                    )
                )
            ),
            StringComparison.Ordinal
        );

    [Fact]
    public void A_code_passed_to_a_method_that_makes_the_fault_is_found_where_it_is_written() =>
        Assert.Equal(
            [("walk.slow", 1, "Slow …."), ("walk.long", 2, "Long.")],
            ErrorCodes
                .Sites(
                    House.WithFiles(
                        (
                            "src/Slipway/Tracking/Walk.cs",
                            """
                            class Walk { Fault Slow() => Refuse("walk.slow", $"Slow {1}.");
                            Fault Long() => Refuse("walk.long", "Long.");
                            Fault Refuse(string code, string message) => new(FaultKind.Busy, code, message); }
                            """
                        )
                    )
                )
                .Select(s => (s.Code, s.Line, s.Message))
        );

    private static House WithPage(string text) =>
        House.WithFiles(
            ("docs/guide/here.md", text),
            ("docs/there.md", "# There\n## The heading, there\n"),
            (
                "samples/Walk.cs",
                "class Walk\n{\n    void Start()\n    {\n        var a = 2;\n        Go(a);\n    }\n}\n"
            )
        );
}
