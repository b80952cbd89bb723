using Slipway.Registry;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Registry.Actions;

public sealed class RegisteredModelsTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_renamed_model_takes_its_versions_and_aliases_along(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        await fixture.RegisterAsync("old", versions: 2);
        await fixture.RegisterAsync("other");
        await fixture.Aliases.SetAsync(fixture.Caller, "old", "champion", 2);
        await fixture.Models.RenameAsync(fixture.Caller, "old", "new");
        Assert.Equal(2, (await fixture.Versions.GetByAliasAsync(fixture.Caller, "new", "champion")).Number);
        var gone = await Assert.ThrowsAsync<Fault>(() => fixture.Models.GetAsync(fixture.Caller, "old"));
        Assert.Equal("registry.model_not_found", gone.Code);
        var taken = await Assert.ThrowsAsync<Fault>(() => fixture.Models.RenameAsync(fixture.Caller, "new", "other"));
        Assert.Equal("registry.model_exists", taken.Code);
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_deleted_model_is_gone_and_its_name_begins_anew(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        await fixture.RegisterAsync("fares", versions: 3);
        await fixture.Aliases.SetAsync(fixture.Caller, "fares", "champion", 3);
        await fixture.Models.DeleteAsync(fixture.Caller, "fares");
        Assert.Empty((await fixture.Versions.SearchAsync(fixture.Caller, new VersionQuery())).Versions);
        await fixture.RegisterAsync("fares");
        Assert.Empty((await fixture.Models.GetAsync(fixture.Caller, "fares")).Aliases);
        Assert.Equal(1, await fixture.AddAsync("fares"));
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task A_prompt_and_a_model_cannot_have_the_same_name(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        await fixture.RegisterAsync("asked", 0, (RegisteredModel.PromptTag, "true"));
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.RegisterAsync("asked"));
        Assert.Equal("registry.model_exists", fault.Code);
        Assert.Contains("already taken by a prompt", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a/b")]
    [InlineData("a:b")]
    [InlineData("..")]
    public async Task A_name_can_stand_in_an_address(string name)
    {
        await using var fixture = await RegistryFixture.OpenAsync("sqlite");
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.RegisterAsync(name));
        Assert.Equal("registry.name", fault.Code);
    }
}
