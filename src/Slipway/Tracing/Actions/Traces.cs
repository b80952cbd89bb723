using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing.Storage;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tracing.Actions;

/// <summary>The verbs of traces. What one may do with a trace is what one may do with its experiment.</summary>
public sealed partial class Traces
{
    private readonly Db db;

    internal Traces(Db db) => this.db = db;

    /// <summary>
    /// Records what the maker of a trace says of it. Spans may have come before and made the trace; then this is the
    /// final word on it. Says whether it was known before.
    /// </summary>
    public Task<(Trace Trace, bool WasKnown)> RecordAsync(
        Caller caller,
        Trace trace,
        CancellationToken cancellation = default
    )
    {
        TraceRules.Id(trace.Id);
        var tags = TraceRules.Labels(trace.Tags).ToList();
        var metadata = TraceRules.Labels(trace.Metadata).ToList();
        if (trace.IsFinalized)
            metadata.Add(new Entry(TraceKeys.Finalized, "true"));
        foreach (var assessment in trace.Assessments)
            AssessmentRules.Check(assessment);
        return db.WriteAsync(
            tx =>
            {
                var experiment = Experiments.Find(tx, caller, trace.ExperimentId, Level.Edit);
                Experiments.RequireActive(experiment);
                var number = TraceStore.Insert(tx, trace);
                if (number is null)
                    return (Overwrite(tx, caller, trace, tags, metadata), true);
                SetLabels(tx, number.Value, trace.Id, [LocationOf(experiment, trace.Id), .. tags], metadata);
                foreach (var assessment in trace.Assessments)
                    AssessmentStore.Save(tx, number.Value, assessment);
                return (TraceStore.Whole(tx, trace with { Number = number.Value }), false);
            },
            cancellation
        );
    }

    /// <summary>Says that a trace has ended, and how.</summary>
    public Task<Trace> EndAsync(
        Caller caller,
        string id,
        long endMs,
        TraceState state,
        IReadOnlyDictionary<string, string> metadata,
        IReadOnlyDictionary<string, string> tags,
        CancellationToken cancellation = default
    )
    {
        var newTags = TraceRules.Labels(tags).ToList();
        var newMetadata = TraceRules.Labels(metadata).ToList();
        return db.WriteAsync(
            tx =>
            {
                var trace = FindForUpdate(tx, caller, id);
                trace = trace with { DurationMs = Math.Max(0, endMs - trace.RequestMs), State = state };
                TraceStore.Update(tx, trace);
                SetLabels(tx, trace.Number, trace.Id, newTags, newMetadata);
                return TraceStore.Whole(tx, trace);
            },
            cancellation
        );
    }

    public Task<Trace> GetAsync(Caller caller, string id, CancellationToken cancellation = default) =>
        db.ReadAsync(tx => TraceStore.Whole(tx, Find(tx, caller, id, Level.Read)), cancellation);

    /// <summary>The trace with its spans. A part of it is given only to who asks for parts.</summary>
    public Task<RecordedTrace> GetRecordedAsync(
        Caller caller,
        string id,
        bool allowPartial,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync(
            tx =>
            {
                var recorded = WithSpans(tx, [TraceStore.Whole(tx, Find(tx, caller, id, Level.Read))])[0];
                if (!allowPartial && !IsWhole(recorded))
                    throw Fault.NotFound(
                        "trace.partial",
                        $"Trace with ID {id} is not fully exported yet, please try again later."
                    );
                return recorded;
            },
            cancellation
        );

    /// <summary>Those of the traces that exist for the caller, in the order asked.</summary>
    public Task<IReadOnlyList<Trace>> GetManyAsync(
        Caller caller,
        IReadOnlyList<string> ids,
        CancellationToken cancellation = default
    ) => db.ReadAsync(tx => (IReadOnlyList<Trace>)FindMany(tx, caller, ids), cancellation);

    /// <summary>Those of the traces that exist for the caller and have arrived whole, in the order asked, with their spans.</summary>
    public Task<IReadOnlyList<RecordedTrace>> GetManyRecordedAsync(
        Caller caller,
        IReadOnlyList<string> ids,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync(
            tx => (IReadOnlyList<RecordedTrace>)WithSpans(tx, FindMany(tx, caller, ids)).FindAll(IsWhole),
            cancellation
        );

    public Task SetTagAsync(Caller caller, string id, Entry tag, CancellationToken cancellation = default)
    {
        var label = TraceRules.Label(tag);
        return db.WriteAsync(
            tx => LabelStore.Set(tx, FindForUpdate(tx, caller, id).Number, LabelKind.Tag, label.Key, label.Value),
            cancellation
        );
    }

    public Task DeleteTagAsync(Caller caller, string id, string key, CancellationToken cancellation = default) =>
        db.WriteAsync(
            tx =>
            {
                if (!LabelStore.Delete(tx, FindForUpdate(tx, caller, id).Number, LabelKind.Tag, key))
                    throw Fault.NotFound(
                        "trace.tag_not_found",
                        $"No trace tag with key '{key}' for trace with ID '{id}'"
                    );
            },
            cancellation
        );

    /// <summary>Makes the traces findable by the run; also those that are still on their way here.</summary>
    public Task LinkToRunAsync(
        Caller caller,
        IReadOnlyList<string> ids,
        string runId,
        CancellationToken cancellation = default
    )
    {
        TraceRules.Ids(ids, TraceRules.LinksPerCall);
        TrackingRules.Length(runId, TraceRules.LinkLength, "run_id");
        foreach (var id in ids)
            TraceRules.Id(id);
        caller.RequireToCreate();
        return db.WriteAsync(
            tx =>
            {
                Runs.RequireWhereKnown(tx, caller, runId, Level.Edit);
                foreach (var id in ids)
                {
                    if (TraceStore.Find(tx, id) is { } trace)
                        Permitted(tx, caller, trace, Level.Edit);
                    LabelStore.Link(tx, LinkKind.Run, runId, id);
                }
            },
            cancellation
        );
    }

    /// <summary>Makes the trace findable by the versions of prompts that went into it.</summary>
    public Task LinkPromptsAsync(
        Caller caller,
        string id,
        IReadOnlyList<(string Name, string Version)> prompts,
        CancellationToken cancellation = default
    )
    {
        TraceRules.Prompts(prompts);
        return db.WriteAsync(
            tx =>
            {
                var trace = FindForUpdate(tx, caller, id);
                foreach (var (name, version) in prompts)
                    LabelStore.Link(tx, LinkKind.Prompt, $"{name}/{version}", trace.Id);
            },
            cancellation
        );
    }

    /// <summary>The trace, or a refusal that says no more than the caller may know.</summary>
    internal static Trace Find(Tx tx, Caller caller, string id, Level level) =>
        Permitted(tx, caller, TraceStore.Find(tx, id) ?? throw NotFound(id), level);

    internal static Trace FindForUpdate(Tx tx, Caller caller, string id) =>
        Permitted(tx, caller, TraceStore.FindForUpdate(tx, id) ?? throw NotFound(id), Level.Edit);

    private static Trace Permitted(Tx tx, Caller caller, Trace trace, Level level)
    {
        // Of another workspace: it does not exist for the caller. Of this one, without a grant: refused.
        if (!Experiments.Exists(tx, caller, trace.ExperimentId))
            throw NotFound(trace.Id);
        caller.Require(level, Resource.Experiment(Experiments.IdText(trace.ExperimentId)));
        return trace;
    }

    private static List<Trace> FindMany(Tx tx, Caller caller, IReadOnlyList<string> ids)
    {
        TraceRules.Ids(ids, TraceRules.TracesPerCall);
        var found = TraceStore
            .FindMany(tx, [.. ids.Distinct()])
            .Where(t => Experiments.Exists(tx, caller, t.ExperimentId))
            .ToDictionary(t => t.Id);
        foreach (var experimentId in found.Values.Select(t => t.ExperimentId).Distinct())
            caller.Require(Level.Read, Resource.Experiment(Experiments.IdText(experimentId)));
        return TraceStore.Whole(tx, [.. ids.Distinct().Where(found.ContainsKey).Select(id => found[id])]);
    }

    private static List<RecordedTrace> WithSpans(Tx tx, IReadOnlyList<Trace> traces)
    {
        if (traces.Any(t => !t.HasSpans))
            throw Fault.NotFound("trace.spans_elsewhere", "Trace data not stored in tracking store");
        var spans = SpanStore.Of(tx, [.. traces.Select(t => t.Number)]);
        return [.. traces.Select(t => new RecordedTrace(t, spans[t.Number]))];
    }

    private static Trace Overwrite(
        Tx tx,
        Caller caller,
        Trace said,
        IReadOnlyList<Entry> tags,
        IReadOnlyList<Entry> metadata
    )
    {
        var known = FindForUpdate(tx, caller, said.Id);
        var trace = said with
        {
            Number = known.Number,
            ClientRequestId = said.ClientRequestId ?? known.ClientRequestId,
            RequestPreview = said.RequestPreview ?? known.RequestPreview,
            ResponsePreview = said.ResponsePreview ?? known.ResponsePreview,
        };
        TraceStore.Update(tx, trace);
        SetLabels(tx, trace.Number, trace.Id, tags, metadata);
        foreach (var assessment in said.Assessments)
            AssessmentStore.Save(tx, trace.Number, assessment);
        return TraceStore.Whole(tx, trace);
    }

    private static void SetLabels(
        Tx tx,
        long trace,
        string traceId,
        IEnumerable<Entry> tags,
        IReadOnlyList<Entry> metadata
    )
    {
        foreach (var tag in tags)
            LabelStore.Set(tx, trace, LabelKind.Tag, tag.Key, tag.Value);
        foreach (var entry in metadata)
        {
            LabelStore.Set(tx, trace, LabelKind.Metadata, entry.Key, entry.Value);
            if (entry.Key == TraceKeys.SourceRun)
                LabelStore.LinkSource(tx, entry.Value, traceId);
            else if (entry.Key == TraceKeys.TokenUsage && TokenUsage.Of(new AnyValue.Text(entry.Value)) is { } usage)
                TraceStore.SetUsage(tx, trace, usage);
        }
    }

    /// <summary>Where clients that keep spans as a file put it.</summary>
    private static Entry LocationOf(Experiment experiment, string traceId) =>
        new(TraceKeys.ArtifactLocation, $"{experiment.ArtifactLocation}/traces/{traceId}/artifacts");

    /// <summary>Whether as many spans have come as its maker says there are.</summary>
    private static bool IsWhole(RecordedTrace recorded) =>
        !recorded.Trace.Metadata.TryGetValue(TraceKeys.SizeStats, out var stats)
        || AnyValue.ParseJson(stats) is not AnyValue.Map map
        || TokenUsage.Count(map["num_spans"]) is not { } count
        || recorded.Spans.Count >= count;

    private static Fault NotFound(string id) => Fault.NotFound("trace.not_found", $"Trace with ID {id} is not found.");
}
