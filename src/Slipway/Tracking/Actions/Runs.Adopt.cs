using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>
/// Taking over runs that were kept elsewhere, with ids, times and lifecycle as they were. Doing it again adds what is
/// missing and changes nothing that is here.
/// </summary>
public sealed partial class Runs
{
    /// <summary>How many points are taken over at once.</summary>
    public const int PointsPerAdoption = 100_000;

    /// <summary>Takes over a run with these points, whatever its lifecycle.</summary>
    public Task<AdoptedRun> AdoptAsync(
        Caller caller,
        Run foreign,
        long? deletedMs,
        IReadOnlyList<Metric> points,
        CancellationToken cancellation = default
    )
    {
        var checkedRun = Checked(foreign);
        AtMost(PointsPerAdoption, points.Count, "metrics");
        CheckPoints(points);
        return db.WriteAsync(
            tx =>
            {
                tx.Lock($"tracking_run:{foreign.Head.Id}");
                if (!RunStore.Exists(tx, foreign.Head.Id))
                {
                    Removals.RequireDone(tx, foreign.Head.Id);
                    return Take(tx, caller, checkedRun, deletedMs, points);
                }
                if (RunStore.FindForUpdate(tx, caller.Workspace, foreign.Head.Id) is not { } row)
                    throw Fault.Conflict("run.id_taken", $"The id {foreign.Head.Id} is taken.");
                Allow(caller, Level.Edit, row, foreign.Head.Id);
                metrics.Add(tx, row.Head, points);
                return Complete(tx, row, checkedRun);
            },
            cancellation
        );
    }

    /// <summary>Takes over more points of an adopted run; those that are here already are not added twice.</summary>
    public Task AdoptPointsAsync(
        Caller caller,
        string runId,
        IReadOnlyList<Metric> points,
        CancellationToken cancellation = default
    )
    {
        AtMost(PointsPerAdoption, points.Count, "metrics");
        CheckPoints(points);
        return db.WriteAsync(
            tx =>
            {
                var row = Allow(caller, Level.Edit, RunStore.FindForUpdate(tx, caller.Workspace, runId), runId);
                metrics.Add(tx, row.Head, points);
            },
            cancellation
        );
    }

    /// <summary>How many points the run has, none where there is no such run; null where that is not known without reading them.</summary>
    public Task<long?> CountPointsAsync(Caller caller, string runId, CancellationToken cancellation = default) =>
        db.ReadAsync(
            tx =>
            {
                if (RunStore.FindHead(tx, caller.Workspace, runId) is not { } head)
                    return 0;
                Allow(caller, Level.Read, head, runId);
                return MetricStore.CountFolded(tx, head.Number);
            },
            cancellation
        );

    private AdoptedRun Take(Tx tx, Caller caller, Run foreign, long? deletedMs, IReadOnlyList<Metric> points)
    {
        var experiment = Experiments.Find(tx, caller, foreign.Head.ExperimentId, Level.Edit);
        quotas.Take(tx, caller.Workspace, Quotas.Runs);
        var head = foreign.Head with
        {
            Number = numbers.Next(),
            ArtifactUri =
                foreign.Head.ArtifactUri.Length > 0
                    ? foreign.Head.ArtifactUri
                    : $"{experiment.ArtifactLocation.TrimEnd('/')}/{foreign.Head.Id}/artifacts",
        };
        var links = LinksOf(tx, head.ExperimentId, new LinksDocument([], [], []), foreign.Links, out var added);
        RunStore.Insert(
            tx,
            new RunRow(head, Written(foreign.Params), Written(foreign.Tags), added == 0 ? null : Documents.Write(links))
        );
        if (head.Lifecycle == Lifecycle.Deleted)
            RunStore.UpdateLifecycle(tx, head, deletedMs ?? clock.GetUtcNow().ToUnixTimeMilliseconds());
        metrics.Add(tx, head, points);
        events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.RunImported, head));
        return new AdoptedRun(IsNew: true, foreign.Params.Count, foreign.Tags.Count, added);
    }

    private AdoptedRun Complete(Tx tx, RunRow row, Run foreign)
    {
        var knownParams = Documents.ReadTexts(row.Params);
        var knownTags = Documents.ReadTexts(row.Tags);
        var parameters = Experiments.With(knownParams, foreign.Params);
        var tags = Experiments.With(knownTags, foreign.Tags);
        if (parameters.Count > knownParams.Count || tags.Count > knownTags.Count)
            RunStore.UpdateDocuments(
                tx,
                row.Head.Number,
                row.Head.Name,
                Documents.Write(parameters),
                Documents.Write(tags)
            );
        var links = LinksOf(
            tx,
            row.Head.ExperimentId,
            Documents.ReadLinks(row.Links),
            foreign.Links,
            out var addedLinks
        );
        if (addedLinks > 0)
            RunStore.UpdateLinks(tx, row.Head.Number, links);
        // It went on after it was first taken over, and has ended since.
        if (!row.Head.HasEnded && foreign.Head.HasEnded)
            RunStore.UpdateHead(tx, row.Head with { Status = foreign.Head.Status, EndMs = foreign.Head.EndMs });
        if (ArtifactAddress.HasComeHome(row.Head.ArtifactUri, foreign.Head.ArtifactUri))
            RunStore.UpdateArtifactUri(tx, row.Head.Number, foreign.Head.ArtifactUri);
        return new AdoptedRun(
            IsNew: false,
            parameters.Count - knownParams.Count,
            tags.Count - knownTags.Count,
            addedLinks
        );
    }

    private LinksDocument LinksOf(Tx tx, long experimentId, LinksDocument links, RunLinks foreign, out int added)
    {
        var before = links.Datasets.Count + links.ModelInputs.Count + links.ModelOutputs.Count;
        foreach (var input in foreign.Datasets)
            LinkStore.AddDataset(tx, numbers, experimentId, links, input);
        links.ModelInputs.AddRange(foreign.ModelInputs.Except(links.ModelInputs).ToList());
        links.ModelOutputs.AddRange(foreign.ModelOutputs.Except(links.ModelOutputs).ToList());
        added = links.Datasets.Count + links.ModelInputs.Count + links.ModelOutputs.Count - before;
        return links;
    }

    private static Run Checked(Run foreign)
    {
        TrackingRules.RunId(foreign.Head.Id);
        TrackingRules.Time(foreign.Head.StartMs, "start_ms");
        if (foreign.Head.ArtifactUri.Length > 0)
            TrackingRules.ArtifactLocation(foreign.Head.ArtifactUri);
        foreach (var input in foreign.Links.Datasets)
            TrackingRules.Dataset(input);
        var tags = TrackingRules.TagsOfNew([.. foreign.Tags.Select(tag => new Entry(tag.Key, tag.Value))], TagTwice);
        var name = foreign.Head.Name is { Length: > 0 } given ? given : AgreedName(null, tags);
        tags.TryAdd(NameTag, name);
        var parameters = foreign.Params.ToDictionary(
            p => TrackingRules.Key(p.Key, "key"),
            p => Shortened(p.Value, TrackingRules.ParamValueLength)
        );
        return foreign with { Head = foreign.Head with { Name = name }, Params = parameters, Tags = tags };
    }

    private static string Written(IReadOnlyDictionary<string, string> texts) =>
        Documents.Write(new Dictionary<string, string>(texts));
}
