using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Registry.Actions;

/// <summary>Fault F61 and attack C08: many callers at once, and what they were told afterwards read as one history.</summary>
public sealed class RacesTests
{
    private const int Callers = 1000;

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_thousand_versions_made_at_once_have_numbers_without_gap_or_double(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares");
        var numbers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => fixture.AddAsync(name)));
        Assert.Equal(Enumerable.Range(1, Callers), numbers.Order());
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Of_callers_who_saw_the_same_one_moves_the_alias(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 10);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1);
        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, Callers).Select(i => TrySetAsync(fixture, name, 2 + (i % 9), new ExpectedVersion(1)))
        );
        Assert.Single(outcomes, moved => moved);
        Assert.Equal(2, (await fixture.Aliases.HistoryAsync(fixture.Caller, name, "champion")).Count);
    }

    /// <summary>
    /// Every move begins where the move before ended, so that there is one order of all of them; whoever was answered
    /// before another asked stands before it.
    /// </summary>
    [Theory, MemberData(nameof(Kinds))]
    public async Task Moves_made_at_once_are_one_history(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 20);
        await Task.WhenAll(
            Enumerable
                .Range(0, Callers)
                .Select(i => fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1 + (i % 20)))
        );
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 7);
        var history = await fixture.Aliases.HistoryAsync(fixture.Caller, name, "champion");
        Assert.Equal(7, await fixture.MeantByAsync(name, "champion"));
        Assert.Equal(7, history[0].ToVersion);
        Assert.All(history.Zip(history.Skip(1)), pair => Assert.Equal(pair.Second.ToVersion, pair.First.FromVersion));
        Assert.All(history, move => Assert.NotEqual(move.FromVersion, move.ToVersion));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task One_version_is_left_in_production_whoever_archives_the_others_at_once(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 20);
        await Task.WhenAll(
            Enumerable
                .Range(1, 20)
                .Select(i => fixture.Versions.MoveAsync(fixture.Caller, name, i, Stage.Production, archiveOthers: true))
        );
        var all = (await fixture.Versions.SearchAsync(fixture.Caller, new VersionQuery())).Versions;
        Assert.Equal(1, all.Count(version => version.Stage == Stage.Production));
        Assert.Equal(19, all.Count(version => version.Stage == Stage.Archived));
    }

    private static async Task<bool> TrySetAsync(
        RegistryFixture fixture,
        string name,
        int version,
        ExpectedVersion expected
    )
    {
        try
        {
            await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", version, expected);
            return true;
        }
        catch (Fault fault) when (fault.Code == "registry.alias_moved")
        {
            return false;
        }
    }
}
