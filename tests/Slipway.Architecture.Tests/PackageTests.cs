using Slipway.Architecture.Tests.Rules;

namespace Slipway.Architecture.Tests;

public sealed class PackageTests
{
    private const string Versions =
        """<Project><ItemGroup><PackageVersion Include="Npgsql" Version="10.0.0" /></ItemGroup></Project>""";

    private const string Page = """
        # Packages
        | Package | For | Folder |
        |---|---|---|
        | Npgsql | PostgreSQL | `src/Slipway/*/Cli`, `src/Slipway.Foundation/Sql` |
        """;

    [Fact]
    public void Every_package_has_its_line_and_keeps_to_its_folder() =>
        Verdict.Clean(Packages.Breaches(House.Real, Packages.PackageOfAssembly()));

    [Fact]
    public void A_package_without_a_line_is_named() =>
        Verdict.Names(
            "Npgsql has no line in docs/reference/dependencies.md: say what for, and the folder that uses it.",
            Packages.Breaches(House.WithFiles(("Directory.Packages.props", Versions)), Packages.PackageOfAssembly())
        );

    [Fact]
    public void A_line_without_a_package_is_named() =>
        Verdict.Names(
            "docs/reference/dependencies.md names Npgsql, which Directory.Packages.props does not.",
            Packages.Breaches(House.WithFiles(("docs/reference/dependencies.md", Page)), Packages.PackageOfAssembly())
        );

    [Fact]
    public void A_use_outside_the_folder_is_named() =>
        Verdict.Names(
            "Slipway.Tracking.Storage.WalkStore.Open uses Npgsql.NpgsqlConnection: Npgsql stays in src/Slipway/*/Cli, src/Slipway.Foundation/Sql.",
            Packages.Breaches(WithUseIn("Slipway.Tracking.Storage"), Packages.PackageOfAssembly())
        );

    [Fact]
    public void A_use_in_a_folder_that_the_pattern_covers_passes() =>
        Assert.Empty(Packages.Breaches(WithUseIn("Slipway.Tracking.Cli"), Packages.PackageOfAssembly()));

    [Fact]
    public void A_version_in_a_project_file_is_named() =>
        Verdict.Names(
            "src/A.csproj gives Npgsql a version: versions stand in Directory.Packages.props.",
            Packages.Breaches(
                House.WithFiles(
                    ("src/A.csproj", """<Project><PackageReference Include="Npgsql" Version="9.0.0" /></Project>""")
                ),
                Packages.PackageOfAssembly()
            )
        );

    private static House WithUseIn(string @namespace) =>
        House
            .WithCode(
                "Slipway",
                $"namespace {@namespace} {{ internal static class WalkStore {{ public static object Open() => new Npgsql.NpgsqlConnection(); }} }}"
            )
            .And(("Directory.Packages.props", Versions), ("docs/reference/dependencies.md", Page));
}
