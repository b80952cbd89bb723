using Slipway.Foundation.Events;
using Slipway.Identity;

namespace Slipway.Evaluation;

/// <summary>What this slice states as facts. Records are content of a dataset and not events.</summary>
public static class EvaluationEvents
{
    public const string DatasetCreated = "evaluation_dataset.created";
    public const string DatasetDeleted = "evaluation_dataset.deleted";

    internal static Event Of(Caller caller, string kind, EvaluationDataset dataset) =>
        new(kind, "evaluation_dataset", dataset.Id)
        {
            Workspace = caller.Workspace,
            Actor = caller.User,
            Address = caller.Address,
            Payload = EventPayload.Of(("name", dataset.Name)),
        };
}
