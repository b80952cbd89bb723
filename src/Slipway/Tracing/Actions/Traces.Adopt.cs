using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing.Storage;
using Slipway.Tracking;
using Slipway.Tracking.Actions;

namespace Slipway.Tracing.Actions;

/// <summary>A trace that was recorded elsewhere, with what hangs on it there.</summary>
public sealed record ForeignTrace(Trace Trace)
{
    public IReadOnlyList<Span> Spans { get; init; } = [];

    /// <summary>The runs it is found by, besides the one that its metadata names.</summary>
    public IReadOnlyList<string> Runs { get; init; } = [];

    /// <summary>The versions of prompts it is found by, each as name/version.</summary>
    public IReadOnlyList<string> Prompts { get; init; } = [];
}

/// <summary>What of a trace was not here before.</summary>
public readonly record struct AdoptedTrace(bool IsNew, int Spans, int Assessments);

/// <summary>Taking over traces that were recorded elsewhere.</summary>
public sealed partial class Traces
{
    /// <summary>
    /// Takes over a trace under the id it has, whole or not at all. Of one that is here already only assessments that are
    /// missing are added.
    /// </summary>
    public Task<AdoptedTrace> AdoptAsync(Caller caller, ForeignTrace foreign, CancellationToken cancellation = default)
    {
        var trace = foreign.Trace;
        TraceRules.Id(trace.Id);
        TrackingRules.Time(trace.RequestMs, "request_time");
        if (foreign.Spans.Count > SpansPerCall)
            throw Fault.Invalid("span.too_many_adopted", $"A trace has at most {SpansPerCall} spans.");
        var tags = TraceRules.Labels(trace.Tags).ToList();
        var metadata = TraceRules.Labels(trace.Metadata).ToList();
        foreach (var assessment in trace.Assessments)
            AssessmentRules.Check(assessment);
        return db.WriteAsync(
            tx =>
            {
                var experiment = Experiments.Find(tx, caller, trace.ExperimentId, Level.Edit);
                if (TraceStore.Insert(tx, trace) is not { } number)
                    return new AdoptedTrace(false, 0, AddMissing(tx, FindForUpdate(tx, caller, trace.Id), trace));
                SetLabels(tx, number, trace.Id, [LocationOf(experiment, trace.Id), .. tags], metadata);
                if (foreign.Spans.Count > 0)
                    SpanStore.Append(tx, number, foreign.Spans);
                foreach (var run in foreign.Runs)
                    LabelStore.Link(tx, LinkKind.Run, run, trace.Id);
                foreach (var prompt in foreign.Prompts)
                    LabelStore.Link(tx, LinkKind.Prompt, prompt, trace.Id);
                foreach (var assessment in trace.Assessments)
                    AssessmentStore.Save(tx, number, assessment);
                return new AdoptedTrace(true, foreign.Spans.Count, trace.Assessments.Count);
            },
            cancellation
        );
    }

    private static int AddMissing(Tx tx, Trace known, Trace foreign)
    {
        var missing = foreign
            .Assessments.Where(assessment => AssessmentStore.Find(tx, known.Number, assessment.Id) is null)
            .ToList();
        foreach (var assessment in missing)
            AssessmentStore.Save(tx, known.Number, assessment);
        return missing.Count;
    }
}
