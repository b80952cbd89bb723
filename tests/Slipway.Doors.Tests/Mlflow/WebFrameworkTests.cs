using Slipway.Doors.Tests.Kit;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>What clients see of MLflow's server where no call of its API answers.</summary>
public sealed class WebFrameworkTests(SharedServer server) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("GET", "/nosuch", 404)]
    [InlineData("GET", "/api/2.0/mlflow/nosuch", 404)]
    [InlineData("POST", "/api/2.0mlflow/experiments/search-datasets", 404)]
    [InlineData("PUT", "/api/2.0/mlflow/runs/search", 405)]
    [InlineData("GET", "/ajax-api/2.0/mlflow/runs/create-promptlab-run", 405)]
    public async Task What_nothing_answers_gets_a_page(string method, string path, int status)
    {
        var answer = await server.Http.SendAsync(method, path);
        Assert.Equal((status, "text/html"), (answer.Status, answer.MediaType));
        Assert.StartsWith("<!doctype html>", answer.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/version")]
    [InlineData("/api/3.0/mlflow/server-info")]
    [InlineData("/api/2.0/mlflow/experiments/get?experiment_id=0")]
    public async Task Whoever_may_get_may_ask_for_the_head_alone(string path)
    {
        var (head, whole) = (await server.Http.SendAsync("HEAD", path), await server.Http.SendAsync("GET", path));
        Assert.Equal((200, whole.MediaType, ""), (head.Status, head.MediaType, head.Text));
    }

    [Fact]
    public async Task Options_name_the_methods()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Options,
            new Uri("/api/2.0/mlflow/experiments/search", UriKind.Relative)
        );
        using var response = await server.Http.SendAsync(request);
        Assert.Equal(200, (int)response.StatusCode);
        Assert.Superset(new HashSet<string> { "GET", "HEAD", "POST" }, response.Content.Headers.Allow.ToHashSet());
    }

    [Fact]
    public async Task A_doubled_slash_is_sent_to_the_single_one()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var http = new HttpClient(handler) { BaseAddress = server.Http.BaseAddress };
        using var response = await http.GetAsync(
            new Uri($"{server.Http.BaseAddress}api//2.0/mlflow///experiments/get?experiment_id=0")
        );
        Assert.Equal(308, (int)response.StatusCode);
        Assert.Equal(
            new Uri(server.Http.BaseAddress!, "/api/2.0/mlflow/experiments/get?experiment_id=0"),
            response.Headers.Location
        );
    }

    [Theory]
    [InlineData("GET", "/api/3.0/mlflow/gateway/endpoints/list")]
    [InlineData("POST", "/api/3.0/mlflow/scorers/register")]
    [InlineData("GET", "/api/3.0/mlflow/issues/i1")]
    [InlineData("POST", "/graphql")]
    [InlineData("POST", "/gateway/openai/v1/chat/completions")]
    [InlineData("POST", "/ajax-api/3.0/mlflow/assistant/chat")]
    public async Task What_mlflow_has_and_slipway_has_not_yet_is_said_in_mlflows_form(string method, string path)
    {
        var answer = await server.Http.SendAsync(method, path, method == "POST" ? "{}" : null);
        Assert.Equal((501, "NOT_IMPLEMENTED"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Workspaces_are_off()
    {
        foreach (var path in (string[])["/api/3.0/mlflow/workspaces", "/api/3.0/mlflow/workspaces/w1"])
            Assert.Equal(503, (await server.Http.SendAsync("GET", path)).Status);
        var other = await server.Http.SendAsync(
            "GET",
            "experiments/get?experiment_id=0",
            body: null,
            ("X-MLFLOW-WORKSPACE", "w1")
        );
        Assert.Equal((500, "FEATURE_DISABLED"), (other.Status, other.ErrorCode));
        var same = await server.Http.SendAsync(
            "GET",
            "experiments/get?experiment_id=0",
            body: null,
            ("X-MLFLOW-WORKSPACE", "default")
        );
        Assert.Equal(200, same.Status);
    }
}
