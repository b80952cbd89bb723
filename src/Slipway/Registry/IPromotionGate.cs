using Slipway.Foundation.Sql;
using Slipway.Identity;

namespace Slipway.Registry;

/// <summary>
/// The question that this slice owns and upper ones answer: may this version be promoted? It is asked inside the
/// transaction that moves an alias or a stage, with the model locked, so that what the answer rests on still holds when
/// the move is durable. Every gate has to agree. A gate is asked again where the transaction is run again, so it
/// changes nothing outside of it.
/// </summary>
public interface IPromotionGate
{
    /// <summary>
    /// Asked before the transaction, when nothing is locked yet: here a gate may look at files, and write down what
    /// <see cref="Require"/> will read.
    /// </summary>
    Task PrepareAsync(Caller caller, ModelVersion version, CancellationToken cancellation) => Task.CompletedTask;

    /// <summary>Returns where nothing speaks against it; else throws the Fault that says why not, and nothing moves.</summary>
    void Require(Tx tx, Promotion promotion);
}

/// <summary>A version about to get an alias or another stage, and who wants that.</summary>
public sealed record Promotion(Caller Caller, RegisteredModel Model, ModelVersion Version, PromotionTarget Target);

/// <summary>Where a version is about to go.</summary>
public abstract record PromotionTarget
{
    private PromotionTarget() { }

    /// <summary>The alias, and the version that it means until now; null where it is new.</summary>
    public sealed record Alias(string Name, int? From) : PromotionTarget;

    /// <summary>The stage, and the one in which the version stands until now.</summary>
    public sealed record ToStage(Stage Stage, Stage From) : PromotionTarget;
}
