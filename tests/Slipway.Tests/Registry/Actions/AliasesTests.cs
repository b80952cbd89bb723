using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Registry;
using Slipway.Registry.Actions;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Registry.Actions;

public sealed class AliasesTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Rolling_back_goes_one_move_further_back_each_time(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 4);
        foreach (var version in new[] { 1, 2, 3, 4 })
            await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", version);
        Assert.Equal(3, await fixture.Aliases.RollBackAsync(fixture.Caller, name, "champion"));
        Assert.Equal(2, await fixture.Aliases.RollBackAsync(fixture.Caller, name, "champion"));
        await fixture.Versions.DeleteAsync(fixture.Caller, name, 3);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 4);
        Assert.Equal(2, await fixture.Aliases.RollBackAsync(fixture.Caller, name, "champion"));
        Assert.Equal(1, await fixture.Aliases.RollBackAsync(fixture.Caller, name, "champion"));
        var fault = await Assert.ThrowsAsync<Fault>(() =>
            fixture.Aliases.RollBackAsync(fixture.Caller, name, "champion")
        );
        Assert.Equal("registry.no_earlier_version", fault.Code);
        Assert.Equal(1, await fixture.MeantByAsync(name, "champion"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_deleted_alias_can_be_rolled_back_to_what_it_meant(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 1);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1);
        await fixture.Aliases.DeleteAsync(fixture.Caller, name, "champion");
        await fixture.Aliases.DeleteAsync(fixture.Caller, name, "champion");
        Assert.Null(await fixture.MeantByAsync(name, "champion"));
        Assert.Equal(1, await fixture.Aliases.RollBackAsync(fixture.Caller, name, "champion"));
        var history = await fixture.Aliases.HistoryAsync(fixture.Caller, name, "champion");
        Assert.Equal([(null, 1), (1, null), (null, 1)], history.Select(m => (m.FromVersion, m.ToVersion)));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Who_expects_another_version_than_the_alias_means_moves_nothing(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 3);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1, new ExpectedVersion(null));
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 2, new ExpectedVersion(1));
        foreach (var expected in new int?[] { null, 1, 3 })
        {
            var fault = await Assert.ThrowsAsync<Fault>(() =>
                fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 3, new ExpectedVersion(expected))
            );
            Assert.Equal((FaultKind.Conflict, "registry.alias_moved"), (fault.Kind, fault.Code));
        }
        Assert.Equal(2, await fixture.MeantByAsync(name, "champion"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_gate_that_refuses_keeps_everything_as_it_was(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var asked = new List<Promotion>();
        fixture.Gates.Add(new Gate((_, promotion) => asked.Add(promotion)));
        fixture.Gates.Add(
            new Gate(
                (tx, promotion) =>
                {
                    // What a gate reads and writes belongs to the transaction of the move.
                    tx.Execute(
                        "update registry_models set description = 'asked' where model_no = @model_no",
                        ("model_no", promotion.Model.Number)
                    );
                    if (promotion.Version.Number == 2)
                        throw Fault.Denied("test.gate", "Version 2 was rejected.");
                }
            )
        );
        var name = await fixture.RegisterAsync("fares", versions: 2);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1);
        var events = (await fixture.EventsAsync()).Count;
        Func<Task>[] refused =
        [
            () => fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 2),
            () => fixture.Versions.MoveAsync(fixture.Caller, name, 2, Stage.Production, archiveOthers: true),
        ];
        foreach (var move in refused)
            Assert.Equal("test.gate", (await Assert.ThrowsAsync<Fault>(move)).Code);
        Assert.Equal(1, await fixture.MeantByAsync(name, "champion"));
        Assert.Equal(Stage.None, (await fixture.Versions.GetAsync(fixture.Caller, name, 2)).Stage);
        Assert.Equal(events, (await fixture.EventsAsync()).Count);
        Assert.Single(await fixture.Aliases.HistoryAsync(fixture.Caller, name));
        Assert.Equal(
            [
                new PromotionTarget.Alias("champion", null),
                new PromotionTarget.Alias("champion", 1),
                new PromotionTarget.ToStage(Stage.Production, Stage.None),
            ],
            asked.Select(promotion => promotion.Target)
        );
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Setting_an_alias_to_what_it_means_asks_nobody_and_tells_nobody(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 1);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1);
        fixture.Gates.Add(new Gate((_, _) => throw Fault.Denied("test.gate", "Never.")));
        var events = (await fixture.EventsAsync()).Count;
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1);
        Assert.Equal(events, (await fixture.EventsAsync()).Count);
    }

    [Theory]
    [InlineData("latest")]
    [InlineData("Latest")]
    [InlineData("v1")]
    [InlineData("V20")]
    [InlineData("a/b")]
    [InlineData("a b")]
    [InlineData("")]
    public async Task Some_words_cannot_be_aliases(string alias)
    {
        await using var fixture = await RegistryFixture.OpenAsync("sqlite");
        var name = await fixture.RegisterAsync("fares", versions: 1);
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.Aliases.SetAsync(fixture.Caller, name, alias, 1));
        Assert.Equal("registry.alias", fault.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Reading_using_editing_and_managing_allow_what_they_say(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        var name = await fixture.RegisterAsync("fares", versions: 1);
        await fixture.Aliases.SetAsync(fixture.Caller, name, "champion", 1);
        foreach (var level in Enum.GetValues<Level>())
        {
            var caller = new Caller("ada", Caller.DefaultWorkspace, _ => level);
            Assert.Equal(level >= Level.Read, await MayAsync(() => fixture.Models.GetAsync(caller, name)));
            Assert.Equal(
                level >= Level.Read,
                await MayAsync(() => fixture.Versions.GetByAliasAsync(caller, name, "champion"))
            );
            Assert.Equal(
                level >= Level.Edit,
                await MayAsync(() => fixture.Aliases.SetAsync(caller, name, "champion", 1))
            );
            Assert.Equal(
                level >= Level.Edit,
                await MayAsync(() => fixture.Versions.CreateAsync(caller, new NewModelVersion(name, "s3://b/m")))
            );
            Assert.Equal(
                level >= Level.Manage,
                await MayAsync(() => fixture.Aliases.DeleteAsync(caller, name, "nobody"))
            );
        }
        var seen = await fixture.Versions.SearchAsync(
            new Caller("ada", Caller.DefaultWorkspace, _ => Level.None),
            new VersionQuery()
        );
        Assert.Empty(seen.Versions);
    }

    private static async Task<bool> MayAsync(Func<Task> verb)
    {
        try
        {
            await verb();
            return true;
        }
        catch (Fault fault) when (fault.Kind == FaultKind.Denied)
        {
            return false;
        }
    }

    private sealed class Gate(Action<Tx, Promotion> require) : IPromotionGate
    {
        public void Require(Tx tx, Promotion promotion) => require(tx, promotion);
    }
}
