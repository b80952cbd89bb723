using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry.Storage;

namespace Slipway.Registry.Actions;

/// <summary>All who have a say in promotions. They are looked up when first asked: they use the verbs that ask them.</summary>
internal sealed class PromotionGates(Func<IEnumerable<IPromotionGate>> gates)
{
    private readonly Lazy<IPromotionGate[]> all = new(() => [.. gates()]);

    /// <summary>Lets gates look at a version before its model is locked; one that is not there is refused later.</summary>
    public async Task PrepareAsync(Db db, Caller caller, string modelName, int number, CancellationToken cancellation)
    {
        if (all.Value.Length == 0)
            return;
        var version = await db.ReadAsync(
            tx => VersionStore.Find(tx, caller.Workspace, modelName, number),
            cancellation
        );
        if (version is null || !caller.Can(Level.Edit, Resource.RegisteredModel(modelName)))
            return;
        foreach (var gate in all.Value)
            await gate.PrepareAsync(caller, version, cancellation);
    }

    public void Require(Tx tx, Promotion promotion)
    {
        foreach (var gate in all.Value)
            gate.Require(tx, promotion);
    }
}
