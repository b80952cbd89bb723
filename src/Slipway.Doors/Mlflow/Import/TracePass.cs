using Slipway.Evaluation;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracing;
using Slipway.Tracking;
using DatasetVerbs = Slipway.Evaluation.Actions.EvaluationDatasets;
using TraceVerbs = Slipway.Tracing.Actions.Traces;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>Takes over what applications left behind: traces with their spans and assessments, and evaluation datasets.</summary>
internal sealed class TracePass(
    TraceVerbs traces,
    DatasetVerbs datasets,
    FileTaker files,
    IImportSource source,
    ImportLedger ledger,
    Caller caller,
    CancellationToken cancellation
)
{
    private const int RecordsAtOnce = 1000;

    private readonly Sieve sieve = new(ledger);

    public async Task TakeAsync(FoundTrace found, Experiment here)
    {
        var trace = found.Trace.Trace;
        var of = $"of trace {trace.Id}";
        var home = ArtifactAddress.Place($"{here.ArtifactLocation}/traces/{trace.Id}/artifacts");
        var left = trace.HasSpans
            ? ForeignFiles.None
            : source.FilesAt(trace.Tags.GetValueOrDefault(TraceKeys.ArtifactLocation) ?? "", found.Place);
        var tags = sieve.Pass(trace.Tags, ledger.Tags, "tag", of);
        // What comes over lies where this server says.
        if (home is not null && !left.IsElsewhere)
            tags.Remove(TraceKeys.ArtifactLocation);
        var foreign = found.Trace with
        {
            Trace = trace with
            {
                ExperimentId = here.Id,
                Tags = tags,
                Metadata = sieve.Pass(trace.Metadata, ledger.Tags, "metadata", of),
                Assessments =
                [
                    .. trace.Assessments.Where(assessment =>
                        sieve.Taken(
                            ledger.Assessments,
                            "assessment",
                            $"{assessment.Name} {of}",
                            () => AssessmentRules.Check(assessment)
                        )
                    ),
                ],
            },
        };
        try
        {
            var adopted = await traces.AdoptAsync(caller, foreign, cancellation);
            ledger.Traces.Add(1, adopted.IsNew ? 1 : 0);
            ledger.Spans.Add(foreign.Spans.Count, adopted.Spans);
            ledger.Assessments.Add(foreign.Trace.Assessments.Count, adopted.Assessments);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Invalid or FaultKind.Conflict or FaultKind.NotFound)
        {
            ledger.Refuse(ledger.Traces, "trace", fault.Message, trace.Id);
            return;
        }
        if (home is not null)
            await files.TakeAsync(left, of, path => new ArtifactName.At(home.Append(path.Value)));
    }

    /// <summary>Takes over a dataset; experiments are named by the numbers that they have here.</summary>
    public async Task TakeAsync(FoundDataset found, IReadOnlyDictionary<long, long> experiments)
    {
        var dataset = found.Dataset with
        {
            ExperimentIds =
            [
                .. found.Dataset.ExperimentIds.Where(experiments.ContainsKey).Select(id => experiments[id]),
            ],
        };
        try
        {
            var isNew = false;
            await foreach (var part in PartsOf(found.Records))
            {
                var adopted = await datasets.AdoptAsync(caller, dataset, part, cancellation);
                isNew |= adopted.IsNew;
                ledger.Records.Add(part.Count, adopted.Records);
            }
            ledger.Datasets.Add(1, isNew ? 1 : 0);
        }
        catch (Fault fault) when (fault.Kind is FaultKind.Invalid or FaultKind.Conflict or FaultKind.NotFound)
        {
            ledger.Refuse(ledger.Datasets, "evaluation dataset", fault.Message, dataset.Name);
        }
    }

    /// <summary>The records a few at a time; at least one part, which a dataset without records has empty.</summary>
    private async IAsyncEnumerable<IReadOnlyList<EvaluationRecord>> PartsOf(IAsyncEnumerable<EvaluationRecord> records)
    {
        var part = new List<EvaluationRecord>();
        await foreach (var record in records.WithCancellation(cancellation))
        {
            part.Add(record);
            if (part.Count < RecordsAtOnce)
                continue;
            yield return part;
            part = [];
        }
        yield return part;
    }
}
