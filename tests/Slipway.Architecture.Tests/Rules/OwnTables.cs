using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>The SQL of a slice names only tables that carry the slice's prefix; Foundation's carry its own.</summary>
internal static class OwnTables
{
    public static IEnumerable<string> Breaches(House house) =>
        [.. Texts(house), .. MigrationFiles(house), .. UnnamedInReadme(house)];

    private static IEnumerable<string> Texts(House house)
    {
        foreach (var literal in house.Code.Literals)
        {
            if (SqlText.IsShouted(literal.Text))
                yield return $"{literal.Source} shouts its SQL: house SQL is lower case, so that the rules can read it.";
            if (!SqlText.IsStatement(literal.Text))
                continue;
            var owner = OwnerOf(literal.From);
            foreach (var table in SqlText.Tables(literal.Text).Where(t => owner is null || !IsOwn(t, owner)))
                yield return owner is null
                    ? $"{literal.Source} names the table {table}: only slices and Foundation have tables."
                    : $"{literal.Source} names the table {table}: tables of {owner} begin with {Prefix(owner)}.";
        }
    }

    private static IEnumerable<string> MigrationFiles(House house)
    {
        foreach (
            var file in house.Files.Where(f => f.IsUnder("src") && f.Path.EndsWith(".sql", StringComparison.Ordinal))
        )
        {
            var owner = OwnerOf(file);
            foreach (var table in SqlText.Tables(file.Text).Where(t => !IsOwn(t, owner)))
                yield return $"{file.Path} names the table {table}: tables of {owner} begin with {Prefix(owner)}.";
            var below = house.Plan.SliceUses.GetValueOrDefault(owner, []);
            foreach (var table in SqlText.Referenced(file.Text))
            {
                if (!IsOwn(table, owner) && !below.Any(slice => IsOwn(table, slice)))
                    yield return $"{file.Path} refers to {table}: keys point to tables of one's own or of a slice below.";
            }
        }
    }

    /// <summary>The page of a slice says what it stores.</summary>
    private static IEnumerable<string> UnnamedInReadme(House house)
    {
        foreach (
            var file in house.Files.Where(f =>
                f.IsUnder("src/Slipway") && f.Path.EndsWith(".sql", StringComparison.Ordinal)
            )
        )
        {
            var readme = house.Files.FirstOrDefault(f => f.Path == $"src/Slipway/{OwnerOf(file)}/README.md");
            foreach (var table in SqlText.Created(file.Text))
            {
                if (readme?.Text.Contains(table, StringComparison.Ordinal) != true)
                    yield return $"src/Slipway/{OwnerOf(file)}/README.md does not name the table {table}.";
            }
        }
    }

    private static string? OwnerOf(Spot spot) =>
        spot.Project == "Slipway.Foundation" ? "Foundation" : Plan.SliceOf(spot);

    private static string OwnerOf(SourceFile file) =>
        file.Path.Split('/') is ["src", "Slipway", var slice, ..] ? slice : "Foundation";

    private static string Prefix(string owner) => owner.ToLowerInvariant() + "_";

    // What a database says about itself is Foundation's to ask.
    private static bool IsOwn(string table, string owner) =>
        table.StartsWith(Prefix(owner), StringComparison.Ordinal)
        || (
            owner == "Foundation"
            && (table.StartsWith("pg_", StringComparison.Ordinal) || table is "sqlite_master" or "sqlite_schema")
        );
}
