using Slipway.Evaluation.Storage;
using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Evaluation.Actions;

/// <summary>How many records of a dataset were not here before, and whether the dataset was not.</summary>
public readonly record struct AdoptedDataset(bool IsNew, int Records);

/// <summary>Taking over datasets that were made elsewhere.</summary>
public sealed partial class EvaluationDatasets
{
    /// <summary>
    /// Takes over a dataset under the id it has, with some of its records. What is here already stays as it is; records
    /// that are missing, by what goes in, are added.
    /// </summary>
    public async Task<AdoptedDataset> AdoptAsync(
        Caller caller,
        EvaluationDataset foreign,
        IReadOnlyList<EvaluationRecord> records,
        CancellationToken cancellation = default
    )
    {
        CheckName(foreign.Name);
        CheckTags(foreign.Tags);
        await RequireExperimentsAsync(caller, foreign.ExperimentIds, cancellation);
        return await db.WriteAsync(
            tx =>
            {
                var known = EvaluationDatasetStore.FindForUpdate(tx, caller.Workspace, foreign.Id);
                if (known is null && EvaluationDatasetStore.Exists(tx, foreign.Id))
                    throw Fault.Conflict("evaluation.id_taken", $"The id {foreign.Id} is taken.");
                var dataset = known is null
                    ? foreign with
                    {
                        Number = numbers.Next(),
                        Workspace = caller.Workspace,
                        RecordCount = 0,
                        Fields = null,
                    }
                    : Allow(caller, Level.Edit, known, foreign.Id);
                if (known is null)
                {
                    EvaluationDatasetStore.Insert(tx, dataset);
                    events.Append(tx, EvaluationEvents.Of(caller, EvaluationEvents.DatasetCreated, dataset));
                }
                var (added, fields) = (0, dataset.Fields ?? RecordFields.None);
                foreach (var record in records)
                {
                    var digest = record.Content.InputsDigest();
                    if (EvaluationRecordStore.FindByInputs(tx, dataset.Number, digest) is not null)
                        continue;
                    added++;
                    fields = fields.With(record.Content);
                    EvaluationRecordStore.Insert(tx, dataset.Number, digest, record with { Number = numbers.Next() });
                }
                if (added > 0)
                    EvaluationDatasetStore.Update(
                        tx,
                        dataset with
                        {
                            Fields = fields,
                            RecordCount = dataset.RecordCount + added,
                        }
                    );
                return new AdoptedDataset(known is null, added);
            },
            cancellation
        );
    }
}
