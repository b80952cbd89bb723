using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Inside a slice, knowledge flows one way: nouns, Storage, Actions, then Http, Cli and Jobs, then Setup.</summary>
internal static class RoomOrder
{
    public static IEnumerable<string> Breaches(House house) =>
        [.. UnknownRooms(house), .. Edges(house), .. CommandLine(house)];

    private static IEnumerable<string> UnknownRooms(House house)
    {
        foreach (var type in house.Code.Types.Select(t => t.Spot).Where(t => Plan.SliceOf(t) is not null))
        {
            if (house.Plan.RoomOf(type) is var room && !house.Plan.HasRoom(room))
                yield return $"{type} stands in a room that ARCHITECTURE.md does not know: {room}.";
        }
    }

    private static IEnumerable<string> Edges(House house)
    {
        foreach (var edge in house.Code.Edges)
        {
            if (Plan.SliceOf(edge.From) is not { } slice || Plan.SliceOf(edge.To) != slice)
                continue;
            var (from, to) = (house.Plan.RoomOf(edge.From), house.Plan.RoomOf(edge.To));
            if (!house.Plan.MayUse(from, to))
                yield return $"{edge.Source} uses {edge.To}: in a slice, {from} may not use {to}.";
        }
    }

    /// <summary>Commands have to work against any server, so they know it only as its clients do.</summary>
    private static IEnumerable<string> CommandLine(House house) =>
        from edge in house.Code.Edges
        where Plan.SliceOf(edge.From) is not null && house.Plan.RoomOf(edge.From) == "Cli"
        where edge.To.Project == "Slipway.Foundation" && !edge.To.IsIn("Slipway.Foundation.Console")
        select $"{edge.Source} uses {edge.To}: commands know only the Sdk and Foundation/Console.";
}
