using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class ShapeTests
{
    [Fact]
    public void Everything_stands_where_its_name_says_and_stays_small() => Verdict.Clean(Shape.Breaches(House.Real));

    [Theory]
    [InlineData("src/Slipway.Sdk/Walk.cs", 401, 400)]
    [InlineData("tests/Slipway.Tests/WalkTests.cs", 601, 600)]
    [InlineData("web/src/shell/Page.tsx", 201, 200)]
    public void A_file_over_its_ceiling_is_named(string path, int lines, int ceiling) =>
        Verdict.Names(
            $"{path} has {lines} lines: the ceiling is {ceiling}. Is it one subject?",
            Shape.Breaches(House.WithFiles((path, new string('\n', lines))))
        );

    [Fact]
    public void A_method_over_its_ceiling_is_named_with_its_line() =>
        Verdict.Names(
            "src/Slipway.Sdk/Walk.cs:4: Go has 61 lines: the ceiling is 60.",
            Shape.Breaches(
                WithCode(
                    "src/Slipway.Sdk/Walk.cs",
                    $"namespace Slipway.Sdk;\npublic sealed class Walk\n{{\npublic void Go()\n{{{new string('\n', 59)}}}\n}}"
                )
            )
        );

    [Theory]
    [InlineData(
        "src/Slipway.Sdk/Runs/Walk.cs",
        "namespace Slipway.Sdk; class Walk;",
        "the namespace is Slipway.Sdk, the folder says Slipway.Sdk.Runs."
    )]
    [InlineData("src/Slipway.Sdk/Walk.cs", "class Walk;", "the namespace is missing, the folder says Slipway.Sdk.")]
    [InlineData(
        "src/Slipway.Sdk/WalkManager.cs",
        "namespace Slipway.Sdk; class WalkManager;",
        "the name WalkManager has the word Manager, which says nothing about it."
    )]
    [InlineData(
        "src/Slipway.Sdk/Walk.cs",
        "namespace Slipway.Sdk; class Walk { enum HTTPInfo { None } }",
        "the name HTTPInfo has the word Info, which says nothing about it."
    )]
    [InlineData(
        "src/Slipway.Sdk/Tracking.cs",
        "namespace Slipway.Sdk; class Tracking;",
        "Tracking is the name of a slice, so no type has it."
    )]
    public void A_type_in_the_wrong_place_or_with_an_empty_name_is_named(string path, string code, string breach) =>
        Verdict.Names($"{path}: {breach}", Shape.Breaches(WithCode(path, code)));

    [Fact]
    public void A_store_outside_Storage_is_named() =>
        Verdict.Names(
            "src/Slipway/Tracking/Actions/WalkStore.cs: a name that ends with Store stands in Storage.",
            Shape.Breaches(
                House.WithFiles(
                    ("src/Slipway/Tracking/README.md", "Runs."),
                    (
                        "src/Slipway/Tracking/Actions/WalkStore.cs",
                        "namespace Slipway.Tracking.Actions; internal static class WalkStore;"
                    )
                )
            )
        );

    [Fact]
    public void A_file_named_after_nothing_in_it_is_named() =>
        Verdict.Names(
            "src/Slipway.Sdk/Things.cs declares no type Things: a file is named after its subject.",
            Shape.Breaches(WithCode("src/Slipway.Sdk/Things.cs", "namespace Slipway.Sdk; class Walk;"))
        );

    [Fact]
    public void A_part_of_a_type_may_have_a_file_of_its_own() =>
        Assert.Empty(
            Shape.Breaches(WithCode("src/Slipway.Sdk/Walk.Search.cs", "namespace Slipway.Sdk; partial class Walk;"))
        );

    [Fact]
    public void Marks_of_unfinished_work_and_regions_are_named()
    {
        var mark = "TO" + "DO";
        Assert.Equal(
            [
                "src/Slipway.Sdk/Walk.cs has a region: two subjects are two files.",
                $"src/Slipway.Sdk/Walk.cs has the comment '// {mark}: more': what is left to do is an issue, and banners say nothing.",
            ],
            Shape.Breaches(
                WithCode(
                    "src/Slipway.Sdk/Walk.cs",
                    $"namespace Slipway.Sdk;\n#region A\n// {mark}: more\nclass Walk;\n#endregion"
                )
            )
        );
    }

    [Fact]
    public void An_open_class_that_nobody_inherits_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Walk is open to heirs and has none: seal it.",
            Shape.Breaches(House.WithCode("Slipway", "namespace Slipway.Tracking { public class Walk; }"))
        );

    [Fact]
    public void A_slice_without_a_page_is_named() =>
        Verdict.Names(
            "src/Slipway/Tracking has no README.md: one page on its nouns, promises, tables, events and ports.",
            Shape.Breaches(WithCode("src/Slipway/Tracking/Walk.cs", "namespace Slipway.Tracking; class Walk;"))
        );

    private static House WithCode(string path, string code) => House.WithFiles((path, code));
}
