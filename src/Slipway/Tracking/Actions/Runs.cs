using Slipway.Foundation.Basics;
using Slipway.Foundation.Blobs;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>The verbs of runs: start, log, finish, bin and restore. Logging and searching have their own files.</summary>
public sealed partial class Runs
{
    public const string NameTag = "mlflow.runName";
    public const string UserTag = "mlflow.user";

    private readonly Db db;
    private readonly Experiments experiments;
    private readonly MetricStore metrics;
    private readonly ModelSeriesStore modelSeries;
    private readonly SeriesStore series;
    private readonly FollowStore follow;
    private readonly RunSearch search;
    private readonly FoldingQueue folding;
    private readonly RowNumbers numbers;
    private readonly EventLog events;
    private readonly Removals removals;
    private readonly Quotas quotas;
    private readonly TimeProvider clock;

    internal Runs(
        Db db,
        Experiments experiments,
        MetricStore metrics,
        ModelSeriesStore modelSeries,
        SeriesStore series,
        FollowStore follow,
        RunSearch search,
        FoldingQueue folding,
        RowNumbers numbers,
        EventLog events,
        Removals removals,
        Quotas quotas,
        TimeProvider clock
    )
    {
        this.db = db;
        this.experiments = experiments;
        this.metrics = metrics;
        this.modelSeries = modelSeries;
        this.series = series;
        this.follow = follow;
        this.search = search;
        this.folding = folding;
        this.numbers = numbers;
        this.events = events;
        this.removals = removals;
        this.quotas = quotas;
        this.clock = clock;
    }

    public Task<Run> CreateAsync(Caller caller, NewRun request, CancellationToken cancellation = default)
    {
        var draft = Draft(request, Guid.NewGuid().ToString("N"));
        return db.WriteAsync(
            tx => Insert(tx, caller, draft, Experiments.Find(tx, caller, request.ExperimentId, Level.Edit)),
            cancellation
        );
    }

    public Task<Run> GetAsync(Caller caller, string runId, CancellationToken cancellation = default) =>
        db.ReadAsync(
            tx =>
            {
                var row = Allow(caller, Level.Read, RunStore.Find(tx, caller.Workspace, runId), runId);
                return Whole(tx, row, metrics.Latest(tx, row.Head.Number));
            },
            cancellation
        );

    public Task<RunHead> UpdateAsync(
        Caller caller,
        string runId,
        RunChange change,
        CancellationToken cancellation = default
    ) =>
        db.WriteAsync(
            tx =>
            {
                var row = FindActive(tx, caller, runId);
                var head = row.Head with
                {
                    Status = change.Status ?? row.Head.Status,
                    EndMs = change.EndMs ?? row.Head.EndMs,
                    Name = string.IsNullOrEmpty(change.Name) ? row.Head.Name : change.Name,
                };
                RunStore.UpdateHead(tx, head);
                if (head.Name != row.Head.Name)
                {
                    var tags = Documents.ReadTexts(row.Tags);
                    tags[NameTag] = head.Name;
                    RunStore.UpdateDocuments(tx, head.Number, head.Name, row.Params, Documents.Write(tags));
                }
                if (head.HasEnded != row.Head.HasEnded)
                    events.Append(
                        tx,
                        TrackingEvents.Of(
                            caller,
                            head.HasEnded ? TrackingEvents.RunFinished : TrackingEvents.RunResumed,
                            head
                        )
                    );
                return head;
            },
            cancellation
        );

    /// <summary>Moves a run into the bin; one that is there already stays there.</summary>
    public Task DeleteAsync(Caller caller, string runId, CancellationToken cancellation = default) =>
        MoveAsync(caller, runId, Lifecycle.Deleted, cancellation);

    public Task RestoreAsync(Caller caller, string runId, CancellationToken cancellation = default) =>
        MoveAsync(caller, runId, Lifecycle.Active, cancellation);

    private Task MoveAsync(Caller caller, string runId, Lifecycle lifecycle, CancellationToken cancellation) =>
        db.ReclaimAsync(
            tx =>
            {
                var row = Allow(caller, Level.Manage, RunStore.FindForUpdate(tx, caller.Workspace, runId), runId);
                var deletedMs =
                    lifecycle == Lifecycle.Deleted ? clock.GetUtcNow().ToUnixTimeMilliseconds() : (long?)null;
                RunStore.UpdateLifecycle(tx, row.Head with { Lifecycle = lifecycle }, deletedMs);
                if (lifecycle != row.Head.Lifecycle)
                    events.Append(
                        tx,
                        TrackingEvents.Of(
                            caller,
                            lifecycle == Lifecycle.Deleted ? TrackingEvents.RunDeleted : TrackingEvents.RunRestored,
                            row.Head
                        )
                    );
            },
            cancellation
        );

    /// <summary>The run that a request describes, but for its experiment.</summary>
    private static Run Draft(NewRun request, string id)
    {
        var tags = TrackingRules.TagsOfNew(request.Tags, TagTwice);
        var name = AgreedName(request.Name, tags);
        tags[NameTag] = name;
        var head = new RunHead
        {
            Id = id,
            ExperimentId = request.ExperimentId,
            Name = name,
            User = request.User ?? tags.GetValueOrDefault(UserTag, ""),
            StartMs = request.StartMs,
            ArtifactUri = "",
        };
        return new Run(head) { Tags = tags };
    }

    private Run Insert(Tx tx, Caller caller, Run draft, Experiment experiment)
    {
        Experiments.RequireActive(experiment);
        quotas.Take(tx, caller.Workspace, Quotas.Runs);
        var head = draft.Head with
        {
            Number = numbers.Next(),
            ExperimentId = experiment.Id,
            ArtifactUri = $"{experiment.ArtifactLocation.TrimEnd('/')}/{draft.Head.Id}/artifacts",
        };
        var tags = Documents.Write(new Dictionary<string, string>(draft.Tags));
        RunStore.Insert(tx, new RunRow(head, Documents.Empty, tags, Links: null));
        events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.RunCreated, head));
        return draft with { Head = head };
    }

    internal static string ArtifactAddressOf(Tx tx, Caller caller, string runId, Level level) =>
        Allow(caller, level, RunStore.FindHead(tx, caller.Workspace, runId), runId).ArtifactUri;

    /// <summary>Refuses a run that the caller may not do this with; an id that no run has is nobody's.</summary>
    internal static void RequireWhereKnown(Tx tx, Caller caller, string runId, Level level)
    {
        if (RunStore.IsTaken(tx, runId))
            Allow(caller, level, RunStore.FindHead(tx, caller.Workspace, runId), runId);
    }

    /// <summary>The place of this server's store that a runs:/ address means; null where it means none that the caller may read.</summary>
    internal static BlobPath? ArtifactPlace(Tx tx, Caller caller, string address)
    {
        const string scheme = "runs:/";
        if (!address.StartsWith(scheme, StringComparison.Ordinal))
            return null;
        var parts = address[scheme.Length..].TrimStart('/').Split('/', 2);
        return
            parts.Length == 2
            && RunStore.FindHead(tx, caller.Workspace, parts[0]) is { } run
            && caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(run.ExperimentId)))
            ? ArtifactAddress.Place(run.ArtifactUri)?.TryAppend(parts[1].TrimEnd('/'))
            : null;
    }

    private static RunRow FindActive(Tx tx, Caller caller, string runId)
    {
        var row = Allow(caller, Level.Edit, RunStore.FindForUpdate(tx, caller.Workspace, runId), runId);
        if (row.Head.Lifecycle != Lifecycle.Active)
            throw Fault.Invalid(
                "run.deleted",
                $"The run {runId} must be in the 'active' state. Current state is deleted."
            );
        return row;
    }

    private static RunRow Allow(Caller caller, Level level, RunRow? row, string runId)
    {
        Allow(caller, level, row?.Head, runId);
        return row!;
    }

    private static RunHead Allow(Caller caller, Level level, RunHead? head, string runId)
    {
        if (head is null)
            throw Fault.NotFound("run.not_found", $"Run with id={runId} not found");
        caller.Require(level, Resource.Experiment(Experiments.IdText(head.ExperimentId)));
        return head;
    }

    private static Run Whole(Tx tx, RunRow row, IReadOnlyList<Metric> latest) =>
        new(row.Head)
        {
            Metrics = latest,
            Params = Documents.ReadTexts(row.Params),
            Tags = Documents.ReadTexts(row.Tags),
            Links = row.Links is null ? RunLinks.None : LinkStore.Open(tx, row.Links),
        };

    private static string AgreedName(string? argument, Dictionary<string, string> tags)
    {
        var tagged = tags.GetValueOrDefault(NameTag);
        // A run without a name is given one, as a tag of that very name.
        if (tagged is "" && string.IsNullOrEmpty(argument))
            throw TagTwice(NameTag);
        if (string.IsNullOrEmpty(argument))
            return string.IsNullOrEmpty(tagged) ? RunNames.Make() : tagged;
        if (!string.IsNullOrEmpty(tagged) && tagged != argument)
            throw Fault.Invalid(
                "run.name_conflict",
                $"Both 'run_name' argument and '{NameTag}' tag are specified, but with different values (run_name='{argument}', {NameTag}='{tagged}')."
            );
        return argument;
    }

    private static Fault TagTwice(string key) => Fault.Conflict("run.tag_twice", $"The tag '{key}' is given twice.");

    /// <summary>Long parameters and tags are cut, as MLflow does it, rather than refused at the end of a long training.</summary>
    private static string Shortened(string value, int limit) => value.Length <= limit ? value : value[..limit];
}
