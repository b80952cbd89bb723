using System.Globalization;
using Slipway.Foundation.Filters;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Governance.Actions;

/// <summary>The edges between data, runs, logged models and registered versions, read from Tracking and Registry.</summary>
internal sealed class ModelLineage(Runs runs, Experiments experiments, LoggedModels logged, ModelVersions versions)
    : ILineageSource
{
    private const int FoundLimit = 1000;

    public async Task<IReadOnlyList<LineageEdge>> EdgesAsync(
        Caller caller,
        LineageNode node,
        CancellationToken cancellation
    ) =>
        node.Kind switch
        {
            LineageNode.ModelVersion => await OfVersionAsync(caller, node, cancellation),
            LineageNode.Run => await OfRunAsync(caller, node, cancellation),
            LineageNode.LoggedModel => await OfLoggedModelAsync(caller, node, cancellation),
            LineageNode.Dataset => await OfDatasetAsync(caller, node, cancellation),
            _ => [],
        };

    public static LineageNode NodeOf(ModelVersion version) =>
        new(LineageNode.ModelVersion, $"{version.ModelName}/{version.Number.ToString(CultureInfo.InvariantCulture)}")
        {
            Label = $"{version.ModelName} {version.Number.ToString(CultureInfo.InvariantCulture)}",
        };

    public static LineageNode NodeOf(RunDataset dataset) =>
        new(LineageNode.Dataset, $"{dataset.Name}@{dataset.Digest}") { Label = dataset.Name };

    private async Task<List<LineageEdge>> OfVersionAsync(
        Caller caller,
        LineageNode node,
        CancellationToken cancellation
    )
    {
        var slash = node.Id.LastIndexOf('/');
        if (!int.TryParse(node.Id[(slash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return [];
        var version = await versions.GetAsync(caller, node.Id[..Math.Max(slash, 0)], number, cancellation);
        var here = NodeOf(version);
        var edges = new List<LineageEdge>();
        if (version.RunId.Length > 0)
            edges.Add(new(new(LineageNode.Run, version.RunId), here, "registered"));
        if (version.LoggedModelId.Length > 0)
            edges.Add(new(new(LineageNode.LoggedModel, version.LoggedModelId), here, "registered"));
        if (CopiedFrom(version.Source) is { } original)
            edges.Add(new(original, here, "copied"));
        // What copies name is the address, which a search finds among the sources.
        var copies = await FindAsync(caller, $"source_path = '{Address(version)}'", cancellation);
        edges.AddRange(copies.Select(copy => new LineageEdge(here, NodeOf(copy), "copied")));
        return edges;
    }

    private async Task<List<LineageEdge>> OfRunAsync(Caller caller, LineageNode node, CancellationToken cancellation)
    {
        var run = await runs.GetAsync(caller, node.Id, cancellation);
        var here = new LineageNode(LineageNode.Run, run.Head.Id) { Label = run.Head.Name };
        var edges = new List<LineageEdge>();
        edges.AddRange(run.Links.Datasets.Select(d => new LineageEdge(NodeOf(d.Dataset), here, "read")));
        edges.AddRange(
            run.Links.ModelInputs.Select(id => new LineageEdge(new(LineageNode.LoggedModel, id), here, "read"))
        );
        edges.AddRange(
            run.Links.ModelOutputs.Select(o => new LineageEdge(here, new(LineageNode.LoggedModel, o.ModelId), "made"))
        );
        var registered = await FindAsync(caller, $"run_id = '{run.Head.Id}'", cancellation);
        edges.AddRange(registered.Select(version => new LineageEdge(here, NodeOf(version), "registered")));
        return edges;
    }

    private async Task<List<LineageEdge>> OfLoggedModelAsync(
        Caller caller,
        LineageNode node,
        CancellationToken cancellation
    )
    {
        var model = await logged.GetAsync(caller, node.Id, cancellation);
        var here = new LineageNode(LineageNode.LoggedModel, model.Id) { Label = model.Name };
        var edges = new List<LineageEdge>();
        if (model.SourceRunId.Length == 0)
            return edges;
        edges.Add(new(new(LineageNode.Run, model.SourceRunId), here, "made"));
        var registered = await FindAsync(caller, $"run_id = '{model.SourceRunId}'", cancellation);
        edges.AddRange(
            registered
                .Where(version => version.LoggedModelId == model.Id)
                .Select(version => new LineageEdge(here, NodeOf(version), "registered"))
        );
        return edges;
    }

    /// <summary>Every run that the caller may see and that read this version of the data.</summary>
    private async Task<List<LineageEdge>> OfDatasetAsync(
        Caller caller,
        LineageNode node,
        CancellationToken cancellation
    )
    {
        var at = node.Id.LastIndexOf('@');
        var (name, digest) = (node.Id[..Math.Max(at, 0)], node.Id[(at + 1)..]);
        if (name.Contains('\'') || digest.Contains('\''))
            return [];
        var page = await experiments.SearchAsync(caller, new ExperimentQuery { Limit = FoundLimit }, cancellation);
        var filter = Filter.Parse($"dataset.name = '{name}' and dataset.digest = '{digest}'");
        var found = await runs.SearchAsync(
            caller,
            new RunQuery([.. page.Experiments.Select(e => e.Id)]) { Filter = filter, Limit = FoundLimit },
            cancellation
        );
        return
        [
            .. found.Runs.Select(run => new LineageEdge(
                node,
                new LineageNode(LineageNode.Run, run.Head.Id) { Label = run.Head.Name },
                "read"
            )),
        ];
    }

    private async Task<IReadOnlyList<ModelVersion>> FindAsync(
        Caller caller,
        string filter,
        CancellationToken cancellation
    )
    {
        var query = new VersionQuery { Filter = Filter.Parse(filter), Limit = FoundLimit };
        return (await versions.SearchAsync(caller, query, cancellation)).Versions;
    }

    private static string Address(ModelVersion version) =>
        $"models:/{version.ModelName}/{version.Number.ToString(CultureInfo.InvariantCulture)}".Replace(
            "'",
            "",
            StringComparison.Ordinal
        );

    private static LineageNode? CopiedFrom(string source) =>
        source.StartsWith("models:/", StringComparison.Ordinal)
        && source[8..].Split('/') is [{ Length: > 0 } name, var version]
        && int.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out _)
            ? new LineageNode(LineageNode.ModelVersion, $"{name}/{version}")
            : null;
}
