using Slipway.Evaluation.Storage;
using Slipway.Identity;
using Slipway.Sdk;

namespace Slipway.Evaluation.Actions;

/// <summary>The records of a dataset.</summary>
public sealed partial class EvaluationDatasets
{
    /// <summary>Takes all of the records or none: new ones are added, those known by their inputs take up what is sent.</summary>
    public Task<RecordCounts> UpsertAsync(
        Caller caller,
        string id,
        IReadOnlyList<RecordContent> records,
        CancellationToken cancellation = default
    ) =>
        db.WriteAsync(
            tx =>
            {
                var found =
                    EvaluationDatasetStore.FindForUpdate(tx, caller.Workspace, id)
                    ?? throw Fault.Invalid(
                        "evaluation.records_without_dataset",
                        $"Evaluation dataset with id '{id}' not found: there is nothing to put records in.",
                        "dataset_id"
                    );
                var dataset = Allow(caller, Level.Edit, found, id);
                var now = Now();
                var (inserted, fields, user) = (0, dataset.Fields ?? RecordFields.None, (string?)null);
                foreach (var content in records)
                {
                    user = content.User ?? user;
                    fields = fields.With(content);
                    var digest = content.InputsDigest();
                    if (EvaluationRecordStore.FindByInputs(tx, dataset.Number, digest) is { } known)
                    {
                        EvaluationRecordStore.Update(tx, known.MergedWith(content, now));
                        continue;
                    }
                    inserted++;
                    EvaluationRecordStore.Insert(tx, dataset.Number, digest, NewRecord(content, now));
                }
                EvaluationDatasetStore.Update(
                    tx,
                    dataset.WithChangedRecords(now) with
                    {
                        UpdatedBy = user,
                        Fields = records.Count == 0 ? dataset.Fields : fields,
                        RecordCount = dataset.RecordCount + inserted,
                    }
                );
                return new RecordCounts(inserted, records.Count - inserted);
            },
            cancellation
        );

    /// <summary>A page of records, from the one behind this number on; null for the first.</summary>
    public Task<RecordPage> RecordsAsync(
        Caller caller,
        string id,
        long? after,
        int limit,
        CancellationToken cancellation = default
    ) =>
        db.ReadAsync(
            tx =>
            {
                var dataset = Allow(caller, Level.Read, EvaluationDatasetStore.Find(tx, caller.Workspace, id), id);
                var records = EvaluationRecordStore.Page(tx, dataset.Number, after ?? 0, limit + 1);
                var page = records.Take(limit).ToList();
                return new RecordPage(page, records.Count > limit ? page[^1].Number : null);
            },
            cancellation
        );

    /// <summary>Deletes records for good; how many of them there were.</summary>
    public Task<int> DeleteRecordsAsync(
        Caller caller,
        string id,
        IReadOnlyCollection<string> recordIds,
        CancellationToken cancellation = default
    ) =>
        db.WriteAsync(
            tx =>
            {
                var dataset = Allow(
                    caller,
                    Level.Edit,
                    EvaluationDatasetStore.FindForUpdate(tx, caller.Workspace, id),
                    id
                );
                var deleted = EvaluationRecordStore.Delete(tx, dataset.Number, recordIds);
                if (deleted == 0)
                    return 0;
                EvaluationDatasetStore.Update(tx, dataset with { RecordCount = dataset.RecordCount - deleted });
                events.Append(tx, EvaluationEvents.RecordsGone(caller, dataset, deleted));
                return deleted;
            },
            cancellation
        );

    private EvaluationRecord NewRecord(RecordContent content, long now) =>
        new()
        {
            Number = numbers.Next(),
            Id = $"dr-{Guid.NewGuid():N}",
            CreatedMs = now,
            UpdatedMs = now,
            CreatedBy = content.User,
            UpdatedBy = content.User,
            Content = content,
        };
}
