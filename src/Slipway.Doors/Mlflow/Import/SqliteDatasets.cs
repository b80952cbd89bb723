using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Evaluation;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow.Import;

/// <summary>Evaluation datasets in an MLflow's database.</summary>
internal sealed class SqliteDatasets(ForeignReader database, ImportLedger ledger)
{
    // An output is put into an object of its own there, because the column takes nothing but objects.
    private const string Wrapping = "mlflow_wrapped";

    public IEnumerable<FoundDataset> All()
    {
        foreach (
            var row in database.Rows(
                "evaluation_datasets",
                ["dataset_id", "name", "digest", "created_time", "last_update_time", "created_by", "last_updated_by"],
                ["created_time", "dataset_id"]
            )
        )
        {
            var id = row.Text(0) ?? "";
            yield return new FoundDataset(
                new EvaluationDataset
                {
                    Id = id,
                    Workspace = "",
                    Name = row.Text(1) ?? "",
                    Digest = row.Text(2) ?? "",
                    CreatedMs = row.Whole(3) ?? 0,
                    UpdatedMs = row.Whole(4) ?? row.Whole(3) ?? 0,
                    CreatedBy = row.Text(5),
                    UpdatedBy = row.Text(6),
                    Tags = TagsOf(id),
                    ExperimentIds = [.. ExperimentsOf(id)],
                },
                RecordsOf(id).ToAsyncEnumerable()
            );
        }
    }

    private OrderedDictionary<string, string> TagsOf(string id)
    {
        var tags = new OrderedDictionary<string, string>();
        foreach (var row in database.Rows("evaluation_dataset_tags", ["key", "value"], [], ("dataset_id", id)))
            tags[row.Text(0) ?? ""] = row.Text(1) ?? "";
        return tags;
    }

    private IEnumerable<long> ExperimentsOf(string id) =>
        database
            .Rows(
                "entity_associations",
                ["destination_id"],
                [],
                ("source_type", "evaluation_dataset"),
                ("source_id", id),
                ("destination_type", "experiment")
            )
            .Select(row => row.Text(0))
            .Where(text => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            .Select(text => long.Parse(text!, CultureInfo.InvariantCulture));

    private IEnumerable<EvaluationRecord> RecordsOf(string id)
    {
        foreach (
            var row in database.Rows(
                "evaluation_dataset_records",
                [
                    "dataset_record_id",
                    "created_time",
                    "last_update_time",
                    "created_by",
                    "last_updated_by",
                    "inputs",
                    "outputs",
                    "expectations",
                    "tags",
                    "source",
                ],
                ["created_time", "dataset_record_id"],
                ("dataset_id", id)
            )
        )
        {
            var recordId = row.Text(0) ?? "";
            if (ReadContent(row, recordId) is { } content)
                yield return new EvaluationRecord
                {
                    Id = recordId,
                    CreatedMs = row.Whole(1) ?? 0,
                    UpdatedMs = row.Whole(2) ?? row.Whole(1) ?? 0,
                    CreatedBy = row.Text(3),
                    UpdatedBy = row.Text(4),
                    Content = content,
                };
        }
    }

    private RecordContent? ReadContent(ForeignRow row, string id)
    {
        try
        {
            var outputs = Parse(row.Text(6));
            var record = new JsonObject
            {
                ["inputs"] = Parse(row.Text(5)),
                ["outputs"] =
                    outputs is JsonObject wrapped && wrapped.Count == 1 && wrapped.ContainsKey(Wrapping)
                        ? wrapped[Wrapping]?.DeepClone()
                        : outputs,
                ["expectations"] = Parse(row.Text(7)),
                ["tags"] = Parse(row.Text(8)),
                ["source"] = Parse(row.Text(9)),
            };
            return RecordReader.Read(record);
        }
        catch (Exception e) when (e is Fault or JsonException)
        {
            ledger.Refuse(ledger.Records, "record", e is Fault ? e.Message : "it is no JSON", id);
            return null;
        }
    }

    private static JsonNode? Parse(string? text) => text is null ? null : JsonNode.Parse(text);
}
