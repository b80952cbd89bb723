using System.Xml.Linq;
using Slipway.Architecture.Tests.Reading;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Edges between projects and between slices are those of the tables in ARCHITECTURE.md.</summary>
internal static class Floors
{
    public static IEnumerable<string> Breaches(House house) =>
        [.. CirclesInPlan(house.Plan), .. Edges(house), .. Unlisted(house), .. ProjectFiles(house)];

    private static IEnumerable<string> CirclesInPlan(Plan plan)
    {
        foreach (var (index, slice) in plan.Slices.Index())
        foreach (var used in plan.SliceUses[slice].Except(plan.Slices.Take(index)))
            yield return $"ARCHITECTURE.md: the row of {slice} names {used}, which is not a row above it.";
    }

    private static IEnumerable<string> Edges(House house)
    {
        var plan = house.Plan;
        foreach (
            var edge in house.Code.Edges.Where(e => plan.HasProject(e.To.Project) && plan.HasProject(e.From.Project))
        )
        {
            if (edge.From.Project != edge.To.Project)
            {
                if (!plan.ProjectUses[edge.From.Project].Contains(edge.To.Project))
                    yield return $"{edge.Source} uses {edge.To}: {edge.From.Project} may not use {edge.To.Project}.";
                continue;
            }
            if (Plan.SliceOf(edge.From) is not { } from || Plan.SliceOf(edge.To) is not { } to || from == to)
                continue;
            if (plan.SliceUses.TryGetValue(from, out var uses) && !uses.Contains(to))
                yield return $"{edge.Source} uses {edge.To}: the row of {from} does not name {to}.";
        }
    }

    private static IEnumerable<string> Unlisted(House house)
    {
        foreach (var type in house.Code.Types.Select(t => t.Spot))
        {
            if (!house.Plan.HasProject(type.Project))
                yield return $"The project {type.Project} has no row in ARCHITECTURE.md.";
            if (Plan.SliceOf(type) is { } slice && !house.Plan.SliceUses.ContainsKey(slice))
                yield return $"{type} stands in {slice}, which has no row in ARCHITECTURE.md.";
        }
    }

    /// <summary>A reference that no code makes use of yet leaves no trace in the assembly.</summary>
    private static IEnumerable<string> ProjectFiles(House house)
    {
        foreach (
            var file in house.Files.Where(f => f.IsUnder("src") && f.Path.EndsWith(".csproj", StringComparison.Ordinal))
        )
        {
            var project = Path.GetFileNameWithoutExtension(file.Name);
            var allowed = house.Plan.ProjectUses.GetValueOrDefault(project, []);
            var references = XDocument
                .Parse(file.Text)
                .Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension(r.Attribute("Include")!.Value));
            foreach (var reference in references.Except(allowed))
                yield return $"{file.Path} references {reference}: {project} may not use {reference}.";
        }
    }
}
