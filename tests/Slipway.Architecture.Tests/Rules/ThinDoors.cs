using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>A door translates. Nobody leans on it, and it has no way to the database but the verbs.</summary>
internal static class ThinDoors
{
    private const string Doors = "Slipway.Doors";
    private const string Sql = "Slipway.Foundation.Sql";

    // Reads a foreign database, which is what an importer is for.
    private static readonly string[] ForeignReading = ["ForeignReader", "ForeignRow"];

    public static IEnumerable<string> Breaches(House house) =>
        [.. Users(house), .. Databases(house), .. SqlTexts(house)];

    private static IEnumerable<string> Users(House house)
    {
        foreach (var edge in house.Code.Edges.Where(e => e.To.Project == Doors))
        {
            if (edge.From.Project is not (Doors or "Slipway.Host"))
                yield return $"{edge.Source} uses {edge.To}: nobody uses a door.";
            else if (DoorOf(edge.From) is { } from && DoorOf(edge.To) is { } to && from != to)
                yield return $"{edge.Source} uses {edge.To}: the door {from} may not use the door {to}.";
        }
    }

    private static IEnumerable<string> Databases(House house) =>
        from edge in house.Code.Edges
        where edge.From.Project == Doors && edge.To.IsIn(Sql) && !ForeignReading.Contains(edge.To.Type)
        select $"{edge.Source} uses {edge.To}: a door has no database; the verbs do.";

    private static IEnumerable<string> SqlTexts(House house) =>
        from literal in house.Code.Literals
        where literal.From.Project == Doors && SqlText.IsStatement(literal.Text)
        select $"{literal.Source} holds SQL: a door has no database; the verbs do.";

    private static string? DoorOf(Spot spot) =>
        spot.Project == Doors && spot.Namespace.Split('.') is ["Slipway", "Doors", var door, ..] ? door : null;
}
