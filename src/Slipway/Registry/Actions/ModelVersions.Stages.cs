using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;
using Slipway.Sdk;

namespace Slipway.Registry.Actions;

/// <summary>Moving versions between stages.</summary>
public sealed partial class ModelVersions
{
    /// <summary>Moves the version into the stage; where that is asked, the versions that were there are archived.</summary>
    public async Task<ModelVersion> MoveAsync(
        Caller caller,
        string modelName,
        int number,
        Stage stage,
        bool archiveOthers,
        CancellationToken cancellation = default
    )
    {
        RegistryRules.ModelName(modelName);
        if (archiveOthers && !stage.IsActive())
            throw Fault.Invalid(
                "registry.archive_others",
                $"Model version transition cannot archive existing model versions because '{stage}' is not an Active stage. Valid stages are Staging and Production.",
                "archive_existing_versions"
            );
        if (stage.IsActive())
            await gates.PrepareAsync(db, caller, modelName, number, cancellation);
        return await db.WriteAsync(
            tx =>
            {
                var version = FindForUpdate(tx, caller, modelName, number, Level.Edit, out var model);
                if (archiveOthers)
                {
                    foreach (var other in VersionStore.OthersInStage(tx, version, stage))
                        Move(tx, caller, model, other, Stage.Archived);
                }
                var moved = Move(tx, caller, model, version, stage);
                ModelStore.Update(tx, model with { UpdatedMs = moved.UpdatedMs });
                return Whole(tx, moved);
            },
            cancellation
        );
    }

    /// <summary>Moves the version into the stage, inside a transaction of the caller's that has locked the model.</summary>
    public ModelVersion Move(Tx tx, Caller caller, RegisteredModel model, ModelVersion version, Stage stage)
    {
        var moved = version with { Stage = stage, UpdatedMs = Now() };
        if (stage != version.Stage)
        {
            var target = new PromotionTarget.ToStage(stage, version.Stage);
            gates.Require(tx, new Promotion(caller, model, version, target));
            AliasStore.Note(
                tx,
                model.Number,
                new PastMove
                {
                    FromVersion = version.Number,
                    ToVersion = version.Number,
                    FromStage = version.Stage,
                    ToStage = stage,
                    Actor = caller.User,
                    MovedMs = moved.UpdatedMs,
                }
            );
            events.Append(tx, RegistryEvents.Moved(caller, model, moved, version.Stage));
        }
        VersionStore.Update(tx, moved);
        return moved;
    }
}
