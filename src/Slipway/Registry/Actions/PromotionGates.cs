using Slipway.Foundation.Sql;

namespace Slipway.Registry.Actions;

/// <summary>All who have a say in promotions. They are looked up when first asked: they use the verbs that ask them.</summary>
internal sealed class PromotionGates(Func<IEnumerable<IPromotionGate>> gates)
{
    private readonly Lazy<IPromotionGate[]> all = new(() => [.. gates()]);

    public void Require(Tx tx, Promotion promotion)
    {
        foreach (var gate in all.Value)
            gate.Require(tx, promotion);
    }
}
