using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Slipway.Tests.Identity.Http;

/// <summary>The native API of people, and attack D06: fields that a caller has no business setting.</summary>
public sealed class ApiTests(PeopledServer server) : IClassFixture<PeopledServer>
{
    [Fact]
    public async Task A_user_is_added_found_changed_and_removed()
    {
        using var admin = server.As(PeopledServer.Admin);
        var carol = new
        {
            name = "carol",
            password = "a good password",
            level = "edit",
        };
        Assert.Equal(HttpStatusCode.Created, (await admin.PostAsJsonAsync("/api/v1/users", carol)).StatusCode);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.PostAsJsonAsync("/api/v1/users", carol)).StatusCode);
        var found = await admin.GetFromJsonAsync<JsonElement>("/api/v1/users/carol");
        Assert.Equal(
            ("carol", false),
            (found.GetProperty("name").GetString(), found.GetProperty("is_admin").GetBoolean())
        );
        var grants = await admin.GetFromJsonAsync<JsonElement>("/api/v1/grants?user=carol");
        Assert.Equal(
            "workspace default edit",
            $"{grants[0].GetProperty("kind")} {grants[0].GetProperty("on")} {grants[0].GetProperty("level")}"
        );
        await admin.PatchAsJsonAsync("/api/v1/users/carol", new { is_admin = true });
        found = await admin.GetFromJsonAsync<JsonElement>("/api/v1/users/carol");
        Assert.True(found.GetProperty("is_admin").GetBoolean());
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync("/api/v1/users/carol")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await admin.GetAsync("/api/v1/users/carol")).StatusCode);
    }

    [Fact]
    public async Task A_grant_is_given_shown_and_taken()
    {
        using var admin = server.As(PeopledServer.Admin);
        var put = new
        {
            user = "viewer",
            kind = "registered_model",
            on = "fares/2",
            level = "manage",
        };
        (await admin.PutAsJsonAsync("/api/v1/grants", put)).EnsureSuccessStatusCode();
        var given = await admin.GetFromJsonAsync<JsonElement>("/api/v1/grants?kind=registered_model&on=fares%2F2");
        Assert.Equal("viewer", given[0].GetProperty("user").GetString());
        var taken = await admin.DeleteAsync("/api/v1/grants?user=viewer&kind=registered_model&on=fares%2F2");
        Assert.Equal(HttpStatusCode.NoContent, taken.StatusCode);
        given = await admin.GetFromJsonAsync<JsonElement>("/api/v1/grants?kind=registered_model&on=fares%2F2");
        Assert.Equal(0, given.GetArrayLength());
    }

    [Fact]
    public async Task A_role_gives_its_members_what_it_was_given()
    {
        using var admin = server.As(PeopledServer.Admin);
        var role = await ReadAsync(await admin.PostAsJsonAsync("/api/v1/roles", new { name = "keepers" }));
        var path = $"/api/v1/roles/{role.GetProperty("id")}";
        var grant = await ReadAsync(
            await admin.PostAsJsonAsync($"{path}/grants", new { kind = "experiment", level = "manage" })
        );
        for (var again = 0; again < 2; again++)
            Assert.Equal(
                HttpStatusCode.NoContent,
                (await admin.PutAsync($"{path}/members/{PeopledServer.Viewer}", null)).StatusCode
            );
        var members = await admin.GetFromJsonAsync<JsonElement>($"{path}/members");
        Assert.Equal(PeopledServer.Viewer, members[0].GetProperty("user").GetString());
        using var viewer = server.As(PeopledServer.Viewer);
        var asked = await viewer.GetAsync("/api/v1/grants?kind=experiment&on=0");
        Assert.Equal(HttpStatusCode.OK, asked.StatusCode);
        var grantPath = $"/api/v1/roles/grants/{grant.GetProperty("id")}";
        await admin.PatchAsJsonAsync(grantPath, new { level = "read" });
        Assert.Equal(
            HttpStatusCode.Forbidden,
            (await viewer.GetAsync("/api/v1/grants?kind=experiment&on=0")).StatusCode
        );
        (await admin.DeleteAsync(grantPath)).EnsureSuccessStatusCode();
        (await admin.DeleteAsync($"{path}/members/{PeopledServer.Viewer}")).EnsureSuccessStatusCode();
        (await admin.DeleteAsync(path)).EnsureSuccessStatusCode();
    }

    [Theory]
    [InlineData("POST", "/api/v1/users", """{"name":"mallory","password":"a good password","role":"admin"}""")]
    [InlineData("POST", "/api/v1/users", """{"name":"mallory","password":"a good password","id":1}""")]
    [InlineData("POST", "/api/v1/tokens", """{"name":"x","workspace":"elsewhere"}""")]
    [InlineData("POST", "/api/v1/tokens", """{"name":"x","id":"1","secret":"slw_1"}""")]
    [InlineData(
        "PUT",
        "/api/v1/grants",
        """{"user":"viewer","kind":"experiment","level":"read","workspace":"elsewhere"}"""
    )]
    [InlineData("POST", "/api/v1/workspaces", """{"name":"mine","owner":"mallory"}""")]
    [InlineData("POST", "/api/v1/roles", """{"name":"mine","workspace":"elsewhere"}""")]
    public async Task A_field_that_is_not_of_the_call_is_refused(string method, string path, string body)
    {
        using var admin = server.As(PeopledServer.Admin);
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = new StringContent(body, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")),
        };
        using var answer = await admin.SendAsync(request);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task Nobody_makes_themselves_an_administrator()
    {
        using var viewer = server.As(PeopledServer.Viewer);
        var native = await viewer.PatchAsJsonAsync($"/api/v1/users/{PeopledServer.Viewer}", new { is_admin = true });
        Assert.Equal(HttpStatusCode.Forbidden, native.StatusCode);
        var door = await viewer.PatchAsJsonAsync(
            "/api/2.0/mlflow/users/update-admin",
            new { username = PeopledServer.Viewer, is_admin = true }
        );
        Assert.Equal(HttpStatusCode.Forbidden, door.StatusCode);
    }

    [Theory]
    [InlineData("role")]
    [InlineData("is_admin")]
    [InlineData("id")]
    [InlineData("experiment_permissions")]
    public async Task Mlflows_door_ignores_what_a_call_does_not_take(string field)
    {
        using var admin = server.As(PeopledServer.Admin);
        var name = $"mallory-{field}";
        var body = new Dictionary<string, object>
        {
            ["username"] = name,
            ["password"] = "a good password",
            [field] = true,
        };
        var made = await ReadAsync(await admin.PostAsJsonAsync("/api/2.0/mlflow/users/create", body));
        var user = made.GetProperty("user");
        Assert.False(user.GetProperty("is_admin").GetBoolean());
        Assert.Equal(0, user.GetProperty("experiment_permissions").GetArrayLength());
        Assert.NotEqual(1, user.GetProperty("id").GetInt64());
    }

    [Fact]
    public async Task Workspaces_are_made_by_the_administrator_and_seen_by_their_members()
    {
        using var admin = server.As(PeopledServer.Admin);
        var made = await admin.PostAsJsonAsync("/api/v1/workspaces", new { name = "harbour", description = "ships" });
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        (
            await admin.PatchAsJsonAsync("/api/v1/workspaces/harbour", new { description = "boats" })
        ).EnsureSuccessStatusCode();
        using var viewer = server.As(PeopledServer.Viewer);
        var seen = await viewer.GetFromJsonAsync<JsonElement>("/api/v1/workspaces");
        Assert.Equal(["default"], seen.EnumerateArray().Select(workspace => workspace.GetProperty("name").GetString()));
        viewer.DefaultRequestHeaders.Add("X-Slipway-Workspace", "harbour");
        Assert.Equal(HttpStatusCode.NotFound, (await viewer.GetAsync("/api/v1/workspaces")).StatusCode);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer)
    {
        answer.EnsureSuccessStatusCode();
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }
}
