using System.Net;
using System.Text;
using Slipway.Foundation.Events;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Identity.Setup;
using Slipway.Identity.Storage;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity;

/// <summary>The verbs of Identity on a store of their own, as one server has them.</summary>
internal sealed class IdentityFixture : IAsyncDisposable
{
    public const string Password = "correct horse battery";

    private static readonly string Hash = PasswordHash.Of(Password, rounds: 1);

    private readonly bool ownsStore;

    private IdentityFixture(TestStore store, ManualClock clock, bool ownsStore)
    {
        this.ownsStore = ownsStore;
        Store = store;
        Clock = clock;
        Book = new AccessBook(store.Db, clock);
        var ledger = new Ledger(store.Db, Book, new EventLog(clock), clock);
        Users = new Users(ledger);
        Tokens = new Tokens(ledger);
        Roles = new Roles(ledger);
        Grants = new Grants(ledger);
        Workspaces = new Workspaces(ledger);
        SignIn = new SignIn(Book, new VerifiedPasswords(clock), new SignInLimits(clock), clock);
    }

    public TestStore Store { get; }

    public ManualClock Clock { get; }

    public AccessBook Book { get; }

    public Users Users { get; }

    public Tokens Tokens { get; }

    public Roles Roles { get; }

    public Grants Grants { get; }

    public Workspaces Workspaces { get; }

    public SignIn SignIn { get; }

    public Caller Operator { get; } = Caller.Operator();

    public static async Task<IdentityFixture> OpenAsync(string kind)
    {
        var store = await TestStore.OpenAsync(kind, EventsSetup.Room, IdentitySetup.Room);
        return new IdentityFixture(store, new ManualClock(DateTimeOffset.UnixEpoch.AddYears(56)), ownsStore: true);
    }

    /// <summary>A second server on the same store: it learns of changes only from there.</summary>
    public IdentityFixture OtherServer() => new(Store, Clock, ownsStore: false);

    /// <summary>A user with the level on the default workspace, whose password is quick to check.</summary>
    public async Task<User> AddAsync(string name, Level? level = Level.Use)
    {
        var user = await Store.Db.WriteAsync(tx =>
        {
            var added = UserStore.Insert(tx, name, Hash, installed: false, nowMs: 0);
            if (level is { } given)
            {
                var workspace = Resource.Workspace(Caller.DefaultWorkspace);
                GrantStore.Put(tx, Holder.User(added.Number), Caller.DefaultWorkspace, workspace, given, nowMs: 0);
            }
            return added;
        });
        Book.Invalidate();
        return user;
    }

    /// <summary>The caller that a request of the user brings.</summary>
    public ValueTask<Caller> CallerAsync(string name, string? workspace = null) =>
        SignIn.AuthenticateAsync(new Credentials(Basic(name, Password), workspace, IPAddress.Loopback));

    public async Task<Level> LevelAsync(string name, Resource resource) => (await CallerAsync(name)).LevelOn(resource);

    public static string Basic(string name, string password) =>
        "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{name}:{password}"));

    public async ValueTask DisposeAsync()
    {
        Book.Dispose();
        if (ownsStore)
            await Store.DisposeAsync();
    }
}
