using Slipway.Registry;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Registry;

public sealed class RegistryEventsTests
{
    private static readonly (string Kind, string Subject, string Payload)[] Expected =
    [
        (
            "registered_model.created",
            "fares",
            """{"name":"fares","description":null,"tags":{"team":"taxi"},"prompt":false}"""
        ),
        (
            "model_version.created",
            "fares/1",
            """{"name":"fares","version":"1","source":"s3://bucket/m","run_id":"","description":null,"tags":{"k":"v"},"prompt":false}"""
        ),
        (
            "model_version.created",
            "fares/2",
            """{"name":"fares","version":"2","source":"s3://bucket/model","run_id":"","description":null,"tags":{},"prompt":false}"""
        ),
        ("registered_model.tag_set", "fares", """{"name":"fares","key":"key","value":"value","prompt":false}"""),
        (
            "model_version.tag_set",
            "fares/1",
            """{"name":"fares","version":"1","key":"key","value":"value","prompt":false}"""
        ),
        ("model_version.tag_deleted", "fares/1", """{"name":"fares","version":"1","key":"key","prompt":false}"""),
        (
            "model_alias.created",
            "fares/1",
            """{"name":"fares","version":"1","alias":"champion","from":null,"prompt":false}"""
        ),
        (
            "model_alias.moved",
            "fares/2",
            """{"name":"fares","version":"2","alias":"champion","from":"1","prompt":false}"""
        ),
        (
            "model_alias.deleted",
            "fares/2",
            """{"name":"fares","version":"2","alias":"champion","from":"2","prompt":false}"""
        ),
        (
            "model_version.stage_changed",
            "fares/1",
            """{"name":"fares","version":"1","from":"None","to":"Staging","prompt":false}"""
        ),
    ];

    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task What_happens_is_stated_with_what_a_listener_outside_needs(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        await fixture.RegisterAsync("fares", 0, ("team", "taxi"));
        await fixture.AddAsync("fares", "s3://bucket/m", ("k", "v"));
        await fixture.AddAsync("fares");
        await fixture.Models.SetTagAsync(fixture.Caller, "fares", "key", "value");
        await fixture.Versions.SetTagAsync(fixture.Caller, "fares", 1, "key", "value");
        await fixture.Versions.DeleteTagAsync(fixture.Caller, "fares", 1, "key");
        await fixture.Aliases.SetAsync(fixture.Caller, "fares", "champion", 1);
        await fixture.Aliases.SetAsync(fixture.Caller, "fares", "champion", 2);
        await fixture.Aliases.DeleteAsync(fixture.Caller, "fares", "champion");
        await fixture.Versions.MoveAsync(fixture.Caller, "fares", 1, Stage.Staging, archiveOthers: false);
        var events = (await fixture.EventsAsync()).SkipWhile(e => e.Kind != RegistryEvents.ModelCreated).ToList();
        Assert.Equal(Expected, events);
    }
}
