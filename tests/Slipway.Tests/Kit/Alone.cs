namespace Slipway.Tests.Kit;

/// <summary>For tests that measure the process they run in: nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Alone
{
    public const string Name = "alone";
}
