using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;

namespace Slipway.Tests.Identity.Http;

/// <summary>What a refusal leaves behind: who, what, when, from where, and why.</summary>
public sealed class DenialsTests : IAsyncLifetime
{
    private readonly PeopledServer server = new();

    public ValueTask InitializeAsync() => server.InitializeAsync();

    public ValueTask DisposeAsync() => server.DisposeAsync();

    [Fact]
    public async Task A_refused_caller_is_recorded_with_the_rule_that_refused()
    {
        using var viewer = server.As(PeopledServer.Viewer);
        using var answer = await viewer.PostAsJsonAsync("/api/2.0/mlflow/experiments/create", new { name = "x" });
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        var denied = Assert.Single(await DenialsAsync());
        Assert.Equal(
            (PeopledServer.Viewer, "127.0.0.1", "default", "/api/2.0/mlflow/experiments/create"),
            (denied.Actor, denied.Address, denied.Workspace, denied.SubjectId)
        );
        var payload = JsonDocument.Parse(denied.Payload).RootElement;
        Assert.Equal("identity.denied", payload.GetProperty("reason").GetString());
        Assert.Equal("POST", payload.GetProperty("method").GetString());
    }

    [Fact]
    public async Task A_failed_sign_in_is_recorded_under_the_name_of_a_user_and_no_other_text()
    {
        foreach (var name in new[] { PeopledServer.Viewer, "my secret password typed here" })
        {
            using var guesser = server.Server.Client(name, "wrong wrong wrong");
            using var answer = await guesser.GetAsync("/api/v1/users");
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
        Assert.Equal([PeopledServer.Viewer, ""], (await DenialsAsync()).Select(denied => denied.Actor));
    }

    [Fact]
    public async Task A_flood_of_one_refusal_is_one_line_and_a_count()
    {
        using var viewer = server.As(PeopledServer.Viewer);
        for (var i = 0; i < 200; i++)
            (await viewer.GetAsync("/api/v1/users")).Dispose();
        (await viewer.DeleteAsync("/api/v1/users/root")).Dispose();
        var denials = await DenialsAsync();
        Assert.Equal(2, denials.Count);
        Assert.Contains("\"left_out_before\":\"199\"", denials[1].Payload, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_flood_of_different_refusals_fills_no_disk()
    {
        using var anybody = server.As(null);
        for (var i = 0; i < 1500; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod($"M{i}"), "/api/v1/users");
            (await anybody.SendAsync(request)).Dispose();
        }
        Assert.InRange((await DenialsAsync()).Count, 1000, 1100);
    }

    [Fact]
    public async Task What_people_do_to_people_is_recorded_without_a_secret()
    {
        using var admin = server.As(PeopledServer.Admin);
        const string Secret = "a password that nobody reads";
        var created = await admin.PostAsJsonAsync("/api/v1/users", new { name = "carol", password = Secret });
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var token = await server.NewTokenAsync("root");
        var events = (await EventsAsync()).Where(told => told.Kind is "user.created" or "token.created").ToList();
        Assert.Equal(["user.created", "token.created"], events.Select(told => told.Kind));
        Assert.All(events, told => Assert.Equal("root", told.Actor));
        Assert.All(await EventsAsync(), told => Assert.DoesNotContain(Secret, told.Payload, StringComparison.Ordinal));
        Assert.All(await EventsAsync(), told => Assert.DoesNotContain(token, told.Payload, StringComparison.Ordinal));
    }

    private async Task<List<Event>> DenialsAsync() =>
        (await EventsAsync()).FindAll(told => told.Kind == "access.denied");

    /// <summary>What is recorded, sealed or not yet.</summary>
    private Task<List<Event>> EventsAsync() =>
        server
            .Server.Services.GetRequiredService<Db>()
            .ReadAsync(tx =>
                tx.Many(
                    "select kind, subject_kind, subject_id, workspace, actor, address, payload from foundation_events order by stamp, number",
                    r => new Event(r.Text(0), r.Text(1), r.Text(2))
                    {
                        Workspace = r.Text(3),
                        Actor = r.Text(4),
                        Address = r.Text(5),
                        Payload = r.Text(6),
                    }
                )
            );
}
