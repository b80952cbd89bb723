using Slipway.Foundation.Events;
using Slipway.Governance.Actions;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Foundation.Events;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Governance.Actions;

public sealed class AuditTrailTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task Who_manages_a_workspace_reads_what_happened_there_and_nowhere_else(string kind)
    {
        await using var store = await RecordedAsync(kind);
        var trail = TrailOf(store);
        var manager = CallerWith(resource => resource == Resource.Workspace("blue") ? Level.Manage : Level.None);

        var own = await trail.ReadAsync(manager, new EventQuery(), everywhere: false);

        Assert.Equal([("run.finished", "blue"), ("run.created", "blue")], own.Select(Told));
        await Assert.ThrowsAsync<Fault>(() => trail.ReadAsync(manager, new EventQuery(), everywhere: true));
        await Assert.ThrowsAsync<Fault>(() => trail.VerifyAsync(manager));
        var reader = CallerWith(_ => Level.Edit);
        await Assert.ThrowsAsync<Fault>(() => trail.ReadAsync(reader, new EventQuery(), everywhere: false));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Events_are_found_by_kind_by_user_by_thing_and_page_by_page(string kind)
    {
        await using var store = await RecordedAsync(kind);
        var trail = TrailOf(store);
        var admin = Caller.Operator();
        async Task<List<string>> FindAsync(EventQuery query) =>
            [.. (await trail.ReadAsync(admin, query, everywhere: true)).Select(found => found.Sealed.Event.Kind)];

        Assert.Equal(["user.created", "run.finished", "run.created"], await FindAsync(new EventQuery()));
        Assert.Equal(["run.finished", "run.created"], await FindAsync(new EventQuery { Kind = "run" }));
        Assert.Equal(["run.finished"], await FindAsync(new EventQuery { Kind = "run.finished" }));
        Assert.Equal(["user.created"], await FindAsync(new EventQuery { Actor = "ada" }));
        Assert.Equal(["run.finished", "run.created"], await FindAsync(new EventQuery { Subject = "r1" }));
        Assert.Equal(["run.finished"], await FindAsync(new EventQuery { Before = 3, Limit = 1 }));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_row_that_was_changed_is_named_by_its_place(string kind)
    {
        await using var store = await RecordedAsync(kind);
        var trail = TrailOf(store);
        Assert.True((await trail.VerifyAsync(Caller.Operator())).Break is null);

        await store.Db.WriteAsync(tx =>
            tx.Execute("update foundation_events set actor = 'nobody' where kind = 'run.finished'")
        );

        Assert.Equal(2, (await trail.VerifyAsync(Caller.Operator())).Break?.Position);
    }

    private static async Task<TestStore> RecordedAsync(string kind)
    {
        var store = await TestStore.OpenAsync(kind, EventsSetup.Room);
        var log = new EventLog(TimeProvider.System);
        await store.Db.WriteAsync(tx =>
        {
            log.Append(tx, new Event("run.created", "run", "r1") { Workspace = "blue", Actor = "alan" });
            log.Append(tx, new Event("run.finished", "run", "r1") { Workspace = "blue", Actor = "alan" });
            log.Append(tx, new Event("user.created", "user", "grace") { Actor = "ada" });
        });
        await Sealing.AllAsync(store.Db);
        return store;
    }

    private static AuditTrail TrailOf(TestStore store) =>
        new(store.Db, new AnchorFile(Path.Combine(Path.GetTempPath(), $"no-anchors-{Guid.NewGuid():N}")));

    private static Caller CallerWith(Func<Resource, Level> levelOn) => new("someone", "blue", levelOn);

    private static (string Kind, string Workspace) Told(ChainedEvent found) =>
        (found.Sealed.Event.Kind, found.Sealed.Event.Workspace);
}
