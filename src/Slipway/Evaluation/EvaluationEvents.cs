using System.Globalization;
using Slipway.Foundation.Events;
using Slipway.Identity;

namespace Slipway.Evaluation;

/// <summary>What this slice states as facts. What records say is content of a dataset and no event; that some are gone for good is one.</summary>
public static class EvaluationEvents
{
    public const string DatasetCreated = "evaluation_dataset.created";
    public const string DatasetDeleted = "evaluation_dataset.deleted";

    public const string ExperimentsAdded = "evaluation_dataset.experiments_added";
    public const string ExperimentsRemoved = "evaluation_dataset.experiments_removed";
    public const string RecordsDeleted = "evaluation_dataset.records_deleted";

    internal static Event Of(Caller caller, string kind, EvaluationDataset dataset) => Of(caller, kind, dataset, []);

    internal static Event Linked(Caller caller, EvaluationDataset dataset, IEnumerable<long> experiments) =>
        Of(caller, ExperimentsAdded, dataset, ("experiment_ids", Text(experiments)));

    internal static Event Unlinked(Caller caller, EvaluationDataset dataset, IEnumerable<long> experiments) =>
        Of(caller, ExperimentsRemoved, dataset, ("experiment_ids", Text(experiments)));

    internal static Event RecordsGone(Caller caller, EvaluationDataset dataset, int count) =>
        Of(caller, RecordsDeleted, dataset, ("records", count.ToString(CultureInfo.InvariantCulture)));

    private static Event Of(
        Caller caller,
        string kind,
        EvaluationDataset dataset,
        params ReadOnlySpan<(string Name, string? Value)> more
    ) =>
        new(kind, "evaluation_dataset", dataset.Id)
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
            Payload = EventPayload.Of([("name", dataset.Name), .. more]),
        };

    private static string Text(IEnumerable<long> experiments) =>
        string.Join(',', experiments.Select(id => id.ToString(CultureInfo.InvariantCulture)));
}
