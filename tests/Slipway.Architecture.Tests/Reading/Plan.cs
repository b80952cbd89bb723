namespace Slipway.Architecture.Tests.Reading;

/// <summary>The tables of ARCHITECTURE.md: which project, slice and room may use which.</summary>
internal sealed class Plan
{
    public const string Nouns = "nouns";
    private const string Product = "Slipway";
    private const string Nothing = "–";
    private const string Everything = "every slice above";

    private readonly Dictionary<string, List<string>> roomUses = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> specialties = new(StringComparer.Ordinal);
    private readonly List<string> openRooms = [];

    public Plan(string architecture)
    {
        foreach (var row in MarkdownTable.Under(architecture, "Projects"))
            ProjectUses.Add(row["Project"], Names(row["May use"]));
        foreach (var row in MarkdownTable.Under(architecture, "Floors"))
        {
            var uses = row["May use"] == Everything ? [.. Slices] : Names(row["May use"]);
            SliceUses.Add(row["Slice"], uses);
            Slices.Add(row["Slice"]);
        }
        foreach (var row in MarkdownTable.Under(architecture, "Rooms"))
        {
            roomUses.Add(row["Room"], Names(row["May use"]));
            if (row["Public"] == "yes")
                openRooms.Add(row["Room"]);
        }
        foreach (var row in MarkdownTable.Under(architecture, "Rooms", index: 1))
        {
            specialties.Add(row["Specialty"], row["First used by"]);
            roomUses.Add(row["Specialty"], Names(row["May use"]));
        }
    }

    /// <summary>In the order of the table, which is the order of the floors.</summary>
    public List<string> Slices { get; } = [];

    public Dictionary<string, List<string>> SliceUses { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, List<string>> ProjectUses { get; } = new(StringComparer.Ordinal);

    public bool HasProject(string project) => ProjectUses.ContainsKey(project);

    /// <summary>The slice that a type belongs to; null outside the product's own assembly.</summary>
    public static string? SliceOf(Spot spot) =>
        spot.Project == Product && spot.Namespace.Split('.') is [Product, var slice, ..] ? slice : null;

    /// <summary>The room of a type of a slice: "nouns", "Storage", or "Tuning/Samplers" where it is a specialty.</summary>
    public string RoomOf(Spot spot)
    {
        var parts = spot.Namespace.Split('.');
        if (parts.Length < 3)
            return Nouns;
        var specialty = $"{parts[1]}/{parts[2]}";
        return specialties.ContainsKey(specialty) ? specialty : parts[2];
    }

    public bool HasRoom(string room) => roomUses.ContainsKey(room);

    /// <summary>Open to other slices, as nouns and Actions are.</summary>
    public bool IsFace(string room) => room is not "Setup" && openRooms.Contains(room);

    public bool MayBePublic(string room) => openRooms.Contains(room);

    /// <summary>Whether a room may use another room of its slice.</summary>
    public bool MayUse(string room, string other)
    {
        if (room == other || !roomUses.TryGetValue(room, out var uses))
            return true;
        return specialties.TryGetValue(other, out var firstUser)
            ? room == firstUser || uses.Contains(firstUser)
            : uses.Contains(other);
    }

    private static List<string> Names(string cell) =>
        cell == Nothing ? [] : [.. cell.Split(',', StringSplitOptions.TrimEntries)];
}
