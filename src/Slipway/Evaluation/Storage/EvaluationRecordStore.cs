using Slipway.Foundation.Sql;

namespace Slipway.Evaluation.Storage;

internal static class EvaluationRecordStore
{
    private const string Columns = "record_no, record_id, created_ms, updated_ms, created_by, updated_by, content";

    public static EvaluationRecord? FindByInputs(Tx tx, long datasetNumber, string digest) =>
        tx.One(
            $"select {Columns} from evaluation_records where dataset_no = @dataset_no and inputs_digest = @inputs_digest",
            Read,
            ("dataset_no", datasetNumber),
            ("inputs_digest", digest)
        );

    /// <summary>Records in the order in which they came, behind the one of this number.</summary>
    public static List<EvaluationRecord> Page(Tx tx, long datasetNumber, long after, int limit) =>
        tx.Many(
            $"select {Columns} from evaluation_records where dataset_no = @dataset_no and record_no > @after order by record_no limit @limit",
            Read,
            ("dataset_no", datasetNumber),
            ("after", after),
            ("limit", limit)
        );

    public static void Insert(Tx tx, long datasetNumber, string digest, EvaluationRecord record) =>
        tx.Execute(
            "insert into evaluation_records (record_no, record_id, dataset_no, inputs_digest, created_ms, updated_ms, created_by, updated_by, content) "
                + "values (@record_no, @record_id, @dataset_no, @inputs_digest, @created_ms, @updated_ms, @created_by, @updated_by, @content)",
            ("record_no", record.Number),
            ("record_id", record.Id),
            ("dataset_no", datasetNumber),
            ("inputs_digest", digest),
            ("created_ms", record.CreatedMs),
            ("updated_ms", record.UpdatedMs),
            ("created_by", record.CreatedBy),
            ("updated_by", record.UpdatedBy),
            ("content", Documents.Write(record.Content))
        );

    public static void Update(Tx tx, EvaluationRecord record) =>
        tx.Execute(
            "update evaluation_records set updated_ms = @updated_ms, updated_by = @updated_by, content = @content where record_no = @record_no",
            ("updated_ms", record.UpdatedMs),
            ("updated_by", record.UpdatedBy),
            ("content", Documents.Write(record.Content)),
            ("record_no", record.Number)
        );

    /// <summary>How many of these there were.</summary>
    public static int Delete(Tx tx, long datasetNumber, IReadOnlyCollection<string> ids) =>
        tx.Execute(
            $"delete from evaluation_records where dataset_no = @dataset_no and {tx.Dialect.AnyOf("record_id", "ids")}",
            ("dataset_no", datasetNumber),
            ("ids", tx.Dialect.List(ids))
        );

    private static EvaluationRecord Read(Row r) =>
        new()
        {
            Number = r.Long(0),
            Id = r.Text(1),
            CreatedMs = r.Long(2),
            UpdatedMs = r.Long(3),
            CreatedBy = r.TextOrNull(4),
            UpdatedBy = r.TextOrNull(5),
            Content = Documents.ReadContent(r.Text(6)),
        };
}
