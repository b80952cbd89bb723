using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing.Storage;
using Slipway.Tracking;

namespace Slipway.Tracing.Actions;

/// <summary>The verbs of assessments.</summary>
public sealed class Assessments
{
    private readonly Db db;
    private readonly TimeProvider clock;

    internal Assessments(Db db, TimeProvider clock)
    {
        this.db = db;
        this.clock = clock;
    }

    public static string NewId() => $"a-{Guid.NewGuid():N}";

    /// <summary>Adds an assessment; one that it overrides stays, no longer valid.</summary>
    public Task<Assessment> CreateAsync(Caller caller, Assessment assessment, CancellationToken cancellation = default)
    {
        AssessmentRules.Check(assessment);
        return db.WriteAsync(
            tx =>
            {
                var trace = Traces.FindForUpdate(tx, caller, assessment.TraceId);
                if (AssessmentStore.IsTaken(tx, assessment.Id))
                    throw Fault.Conflict("assessment.exists", $"There is an assessment '{assessment.Id}' already.");
                if (assessment.Overrides is { } overridden)
                {
                    var older = Find(tx, trace, overridden);
                    AssessmentStore.Save(tx, trace.Number, older with { IsValid = false });
                }
                AssessmentStore.Save(tx, trace.Number, assessment);
                return assessment;
            },
            cancellation
        );
    }

    public Task<Assessment> GetAsync(
        Caller caller,
        string traceId,
        string id,
        CancellationToken cancellation = default
    ) => db.ReadAsync(tx => Find(tx, Traces.Find(tx, caller, traceId, Level.Read), id), cancellation);

    public Task<Assessment> UpdateAsync(
        Caller caller,
        string traceId,
        string id,
        AssessmentChange change,
        CancellationToken cancellation = default
    ) =>
        db.WriteAsync(
            tx =>
            {
                var trace = Traces.FindForUpdate(tx, caller, traceId);
                var known = Find(tx, trace, id);
                if (change.Kind is { } kind && kind != known.Kind)
                    throw Fault.Invalid(
                        "assessment.kind",
                        "An assessment cannot be changed into one of another kind.",
                        "update_mask"
                    );
                var changed = AssessmentRules.Check(
                    known with
                    {
                        Name = change.Name ?? known.Name,
                        Value = change.Value ?? known.Value,
                        Error = change.Value is null ? known.Error : change.Error,
                        Rationale = change.Rationale ?? known.Rationale,
                        Metadata = change.Metadata is null ? known.Metadata : Merged(known.Metadata, change.Metadata),
                        IsValid = change.IsValid ?? known.IsValid,
                        UpdatedMs = clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    }
                );
                AssessmentStore.Save(tx, trace.Number, changed);
                return changed;
            },
            cancellation
        );

    /// <summary>Removes an assessment, if it is there; the one that it had overridden is valid again.</summary>
    public Task DeleteAsync(Caller caller, string traceId, string id, CancellationToken cancellation = default) =>
        db.WriteAsync(
            tx =>
            {
                var trace = Traces.FindForUpdate(tx, caller, traceId);
                if (AssessmentStore.Find(tx, trace.Number, id) is not { } known)
                    return;
                AssessmentStore.Delete(tx, trace.Number, id);
                if (
                    known.Overrides is { } overridden
                    && AssessmentStore.Find(tx, trace.Number, overridden) is { } older
                )
                    AssessmentStore.Save(tx, trace.Number, older with { IsValid = true });
            },
            cancellation
        );

    /// <summary>New entries replace those of the same key and leave the others.</summary>
    private static List<Entry> Merged(IReadOnlyList<Entry> known, IReadOnlyList<Entry> added) =>
        [.. known.Where(k => added.All(a => a.Key != k.Key)), .. added];

    private static Assessment Find(Tx tx, Trace trace, string id) =>
        AssessmentStore.Find(tx, trace.Number, id)
        ?? throw Fault.NotFound("assessment.not_found", $"Assessment with ID '{id}' not found for trace '{trace.Id}'");
}
