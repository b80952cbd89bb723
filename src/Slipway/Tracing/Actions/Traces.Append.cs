using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing.Storage;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tracing.Actions;

/// <summary>Taking in spans.</summary>
public sealed partial class Traces
{
    public const int SpansPerCall = 100_000;

    /// <summary>
    /// Keeps spans, of one trace or of many, all or none. A trace that nobody has recorded comes into being with its
    /// first spans; sending the same spans again changes nothing.
    /// </summary>
    public Task AppendAsync(
        Caller caller,
        long experimentId,
        IReadOnlyList<Span> spans,
        CancellationToken cancellation = default
    )
    {
        if (spans.Count > SpansPerCall)
            throw Fault.Invalid("span.too_many", $"At most {SpansPerCall} spans are taken at once.");
        var batches = spans.Select(SpanConventions.Complete).GroupBy(span => TraceRules.Id(span.TraceId)).ToList();
        return db.WriteAsync(
            tx =>
            {
                var experiment = Experiments.Find(tx, caller, experimentId, Level.Edit);
                Experiments.RequireActive(experiment);
                foreach (var batch in batches)
                    Append(tx, caller, experiment, batch.Key, [.. batch]);
            },
            cancellation
        );
    }

    /// <summary>Refuses who may not add spans to the experiment.</summary>
    public static void RequireToAppend(Caller caller, string experimentId) =>
        caller.Require(Level.Edit, Resource.Experiment(experimentId));

    private static void Append(Tx tx, Caller caller, Experiment experiment, string traceId, List<Span> spans)
    {
        var root = spans.FindLast(span => span.IsRoot);
        var startMs = spans.Min(span => span.StartNs) / 1_000_000;
        var endNs = spans.Max(span => span.EndNs);
        long? endMs = endNs == 0 ? null : endNs / 1_000_000;
        var trace = new Trace
        {
            Id = traceId,
            ExperimentId = experiment.Id,
            RequestMs = startMs,
            DurationMs = endMs - startMs,
            State = StateOf(root) ?? TraceState.InProgress,
            RequestPreview = root is null ? null : Preview.OfRequest(root),
            ResponsePreview = root is null ? null : Preview.OfResponse(root),
        };
        if (TraceStore.Insert(tx, trace) is { } number)
        {
            trace = trace with { Number = number };
            SetLabels(tx, number, traceId, [LocationOf(experiment, traceId)], []);
        }
        else
        {
            trace = Widen(FindForUpdate(tx, caller, traceId), trace, spans);
            TraceStore.Update(tx, trace);
        }
        SpanStore.Append(tx, trace.Number, spans);
        LabelStore.Set(tx, trace.Number, LabelKind.Tag, TraceKeys.SpansLocation, TraceKeys.SpansHere);
        Derive(tx, trace, spans);
    }

    /// <summary>
    /// What is known of the trace, with what new spans add: they widen its time, fill in what nobody has said, and say how
    /// it ended as long as its maker has not. Where spans count tokens or cost, MLflow leaves the time as its maker said.
    /// </summary>
    private static Trace Widen(Trace known, Trace added, List<Span> spans)
    {
        var isOpen = known.State is TraceState.InProgress or TraceState.Unspecified;
        var filled = known with
        {
            State = isOpen && spans.Exists(span => span.IsRoot) ? added.State : known.State,
            RequestPreview = known.RequestPreview ?? added.RequestPreview,
            ResponsePreview = known.ResponsePreview ?? added.ResponsePreview,
        };
        if (
            known.IsFinalized
            && spans.Exists(span => span[TraceKeys.SpanTokenUsage] is not null || span[TraceKeys.SpanCost] is not null)
        )
            return filled;
        var startMs = Math.Min(known.RequestMs, added.RequestMs);
        var endMs = new[] { known.RequestMs + known.DurationMs, added.RequestMs + added.DurationMs }.Max();
        return filled with { RequestMs = startMs, DurationMs = endMs - startMs };
    }

    /// <summary>What the spans say about their trace as a whole: tokens, cost, session and user. Its maker's own words stand.</summary>
    private static void Derive(Tx tx, Trace trace, List<Span> spans)
    {
        bool IsSaid(string key) => LabelStore.Has(tx, trace.Number, LabelKind.Metadata, key);
        void Say(string key, AnyValue value) =>
            LabelStore.Set(tx, trace.Number, LabelKind.Metadata, key, value.ToString());
        bool MayCount(string attribute, string key) =>
            spans.Exists(span => span[attribute] is not null) && !(trace.IsFinalized && IsSaid(key));

        if (
            MayCount(TraceKeys.SpanTokenUsage, TraceKeys.TokenUsage)
            && SpanStore.UsageOf(tx, trace.Number) is { IsNone: false } usage
        )
        {
            Say(TraceKeys.TokenUsage, usage.ToValue());
            TraceStore.SetUsage(tx, trace.Number, usage);
        }
        if (MayCount(TraceKeys.SpanCost, TraceKeys.Cost))
            Say(TraceKeys.Cost, SpanStore.CostOf(tx, trace.Number).ToValue());
        foreach (var (key, attribute) in Identities)
        {
            var value = spans.Select(span => span[attribute]).FirstOrDefault(value => value is not null);
            if (value is not null && !IsSaid(key))
                Say(key, value);
        }
    }

    private static TraceState? StateOf(Span? root) =>
        root is null ? null
        : root.Status == SpanStatus.Error ? TraceState.Error
        : TraceState.Ok;

    private static readonly (string Key, string Attribute)[] Identities =
    [
        (TraceKeys.Session, "session.id"),
        (TraceKeys.User, "user.id"),
    ];
}
