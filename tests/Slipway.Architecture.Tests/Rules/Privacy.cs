using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Other slices touch only a slice's nouns and Actions, and nothing else of it is public.</summary>
internal static class Privacy
{
    public static IEnumerable<string> Breaches(House house) => [.. Reaches(house), .. PublicRooms(house)];

    private static IEnumerable<string> Reaches(House house)
    {
        foreach (var edge in house.Code.Edges)
        {
            if (Plan.SliceOf(edge.To) is not { } slice || Plan.SliceOf(edge.From) == slice)
                continue;
            var room = house.Plan.RoomOf(edge.To);
            var isAllowed =
                edge.From.Project == "Slipway.Host" ? house.Plan.MayBePublic(room) : house.Plan.IsFace(room);
            if (!isAllowed)
                yield return $"{edge.Source} uses {edge.To}: {room} is private to {slice}.";
        }
    }

    private static IEnumerable<string> PublicRooms(House house) =>
        from type in house.Code.Types
        where type.IsPublic && Plan.SliceOf(type.Spot) is not null
        let room = house.Plan.RoomOf(type.Spot)
        where !house.Plan.MayBePublic(room)
        select $"{type.Spot} is public: {room} is private to its slice.";
}
