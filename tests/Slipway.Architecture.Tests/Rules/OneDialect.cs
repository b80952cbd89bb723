using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Which database runs is known in Foundation/Sql and nowhere else.</summary>
internal static class OneDialect
{
    private const string Sql = "Slipway.Foundation.Sql";
    private const string Columns = "Slipway.Foundation.Columns";

    private static readonly string[] Drivers =
    [
        "Microsoft.Data.Sqlite",
        "Npgsql",
        "NpgsqlTypes",
        "SQLitePCL",
        "DuckDB",
    ];

    public static IEnumerable<string> Breaches(House house) => [.. DriverUses(house), .. Questions(house)];

    private static IEnumerable<string> DriverUses(House house) =>
        from edge in house.Code.Edges
        where Drivers.Any(edge.To.IsIn) && !IsHome(edge.From)
        select $"{edge.Source} uses {edge.To}: drivers stay in Foundation/Sql and Foundation/Columns.";

    private static IEnumerable<string> Questions(House house) =>
        [
            .. from edge in house.Code.Edges
            where edge.To is { Namespace: Sql, Type: "SqliteDialect" or "PostgresDialect" } && !edge.From.IsIn(Sql)
            select $"{edge.Source} uses {edge.To}: what differs between databases is a member of Dialect.",
            .. from literal in house.Code.Literals
            where literal.Text is "postgres" or "sqlite" && !literal.From.IsIn(Sql)
            select $"{literal.Source} asks for \"{literal.Text}\": what differs between databases is a member of Dialect.",
        ];

    private static bool IsHome(Spot spot) => spot.IsIn(Sql) || spot.IsIn(Columns) || spot.Project == "Slipway.Natives";
}
