using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Identity.Storage;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Identity.Http;

/// <summary>A server that asks for a login, and one person of each kind that an attack is tried as.</summary>
public sealed class PeopledServer : IAsyncLifetime
{
    /// <summary>Manages the server.</summary>
    public const string Admin = "root";

    /// <summary>May look at everything in the default workspace.</summary>
    public const string Viewer = "viewer";

    /// <summary>Works in the default workspace, and is kept out of whatever <see cref="ShutOutAsync"/> names.</summary>
    public const string Outsider = "outsider";

    /// <summary>Manages another workspace and has nothing to do with this one.</summary>
    public const string Stranger = "stranger";

    public const string OtherWorkspace = "elsewhere";
    public const string Password = "correct horse battery";

    private static readonly string Hash = PasswordHash.Of(Password, rounds: 1);

    internal TimeProvider? Clock { get; init; }

    internal ServerInside Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Server = await ServerInside.StartAsync(login: true, AddPeopleAsync, Clock);

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    public HttpClient As(string? person)
    {
        var client = Server.Client(person, Password);
        if (person == Stranger)
            client.DefaultRequestHeaders.Add("X-Slipway-Workspace", OtherWorkspace);
        return client;
    }

    /// <summary>Takes the outsider every right on a thing.</summary>
    internal Task ShutOutAsync(Resource resource) =>
        Server.Services.GetRequiredService<Grants>().PutAsync(Caller.Operator(), Outsider, resource, Level.None);

    /// <summary>Somebody to whom things are done.</summary>
    public async Task<string> AddBystanderAsync()
    {
        var name = $"bystander-{Guid.NewGuid():N}";
        var db = Server.Services.GetRequiredService<Db>();
        await db.WriteAsync(tx => Add(tx, name, Caller.DefaultWorkspace, Level.Use));
        Server.Services.GetRequiredService<AccessBook>().Invalidate();
        return name;
    }

    public async Task<string> NewTokenAsync(string person)
    {
        using var client = As(person);
        using var answer = await client.PostAsJsonAsync("/api/v1/tokens", new { name = "test" });
        answer.EnsureSuccessStatusCode();
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
    }

    private static async Task AddPeopleAsync(IServiceProvider services)
    {
        var db = services.GetRequiredService<Db>();
        await services.GetRequiredService<Workspaces>().CreateAsync(Caller.Operator(), OtherWorkspace, "");
        await db.WriteAsync(tx =>
        {
            var admin = UserStore.Insert(tx, Admin, Hash, installed: true, nowMs: 0);
            GrantStore.Put(tx, Holder.User(admin.Number), "", Resource.Server, Level.Manage, nowMs: 0);
            Add(tx, Viewer, Caller.DefaultWorkspace, Level.Read);
            Add(tx, Outsider, Caller.DefaultWorkspace, Level.Edit);
            Add(tx, Stranger, OtherWorkspace, Level.Manage);
        });
    }

    private static void Add(Tx tx, string name, string workspace, Level level)
    {
        var user = UserStore.Insert(tx, name, Hash, installed: false, nowMs: 0);
        GrantStore.Put(tx, Holder.User(user.Number), workspace, Resource.Workspace(workspace), level, nowMs: 0);
    }
}
