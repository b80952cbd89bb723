using System.Text.Json.Nodes;
using Slipway.Doors.Tests.Kit;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>Logged models as MLflow's clients make, measure and find them.</summary>
public sealed class LoggedModelCallsTests(SharedServer server) : IClassFixture<SharedServer>
{
    [Fact]
    public async Task A_model_is_made_measured_and_finalized()
    {
        var experiment = await server.Http.NewExperimentAsync();
        var run = await server.Http.NewRunAsync(experiment);
        var made = await server.Http.PostJsonAsync(
            "logged-models",
            new
            {
                experiment_id = experiment,
                name = "fares",
                source_run_id = run,
                @params = new[] { new { key = "depth", value = "3" } },
                tags = new[] { new { key = "team", value = "taxi" } },
            }
        );
        var id = (string)made["model"]!["info"]!["model_id"]!;
        Assert.Matches("^m-[0-9a-f]{32}$", id);
        Assert.Equal($"mlflow-artifacts:/{experiment}/models/{id}/artifacts", Field(made, "artifact_uri"));
        Assert.Equal("LOGGED_MODEL_PENDING", Field(made, "status"));

        await server.Http.PostJsonAsync(
            "runs/log-metric",
            new
            {
                run_id = run,
                key = "rmse",
                value = 0.5,
                timestamp = 7,
                step = 1,
                model_id = id,
                dataset_name = "test",
                dataset_digest = "d1",
            }
        );
        var ready = await server.Http.SendAsync(
            "PATCH",
            $"logged-models/{id}",
            $"{{\"model_id\": \"{id}\", \"status\": \"LOGGED_MODEL_READY\"}}"
        );
        Assert.Equal("LOGGED_MODEL_READY", Field(ready.Json, "status"));
        var metric = Assert.Single(ready.Json["model"]!["data"]!["metrics"]!.AsArray())!;
        Assert.Equal(
            JsonNode
                .Parse(
                    $$"""{"key":"rmse","value":0.5,"timestamp":7,"step":1,"dataset_name":"test","dataset_digest":"d1","model_id":"{{id}}","run_id":"{{run}}"}"""
                )!
                .ToJsonString(),
            metric.ToJsonString()
        );
    }

    [Fact]
    public async Task Tags_are_set_by_patch_and_a_key_with_a_slash_is_deleted_by_its_escape()
    {
        var id = await NewModelAsync(await server.Http.NewExperimentAsync(), "m");
        Assert.Equal(
            "{}",
            (
                await server.Http.SendAsync(
                    "PATCH",
                    $"logged-models/{id}/tags",
                    "{\"tags\": [{\"key\": \"a/b\", \"value\": \"1\"}]}"
                )
            ).Text
        );
        Assert.Equal(200, (await server.Http.SendAsync("DELETE", $"logged-models/{id}/tags/a%2Fb")).Status);
        var again = await server.Http.SendAsync("DELETE", $"logged-models/{id}/tags/a%2Fb");
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST"), (again.Status, again.ErrorCode));
    }

    [Fact]
    public async Task Pages_follow_their_token_which_is_good_for_the_same_question_only()
    {
        var experiment = await server.Http.NewExperimentAsync();
        foreach (var name in (string[])["a", "b", "c"])
            await NewModelAsync(experiment, name);
        object Question(string? token, string filter = "", int limit = 2) =>
            new
            {
                experiment_ids = new[] { experiment },
                filter,
                max_results = limit,
                order_by = new[] { new { field_name = "name", ascending = false } },
                page_token = token,
            };

        var first = await server.Http.PostJsonAsync("logged-models/search", Question(null));
        var token = (string)first["next_page_token"]!;
        var second = await server.Http.PostJsonAsync("logged-models/search", Question(token, limit: 5));
        Assert.Equal("c b", Names(first));
        Assert.Equal("a", Names(second));
        Assert.Null(second["next_page_token"]);

        var other = System.Text.Json.JsonSerializer.Serialize(Question(token, filter: "name != 'x'"));
        var refused = await server.Http.SendAsync("POST", "logged-models/search", other);
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (refused.Status, refused.ErrorCode));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"experiment_ids\": [\"0\"], \"filter\": \"bogus = 1\"}")]
    [InlineData("{\"experiment_ids\": [\"0\"], \"filter\": \"foo.bar = 'a'\"}")]
    [InlineData("{\"experiment_ids\": [\"0\"], \"datasets\": [{\"dataset_digest\": \"d\"}]}")]
    [InlineData("{\"experiment_ids\": [\"0\"], \"order_by\": [{\"field_name\": \"params.x\"}]}")]
    [InlineData("{\"experiment_ids\": [\"0\"], \"page_token\": \"x\"}")]
    [InlineData("{\"experiment_ids\": [\"0\"], \"max_results\": -1}")]
    public async Task A_search_that_cannot_be_answered_is_refused(string body)
    {
        var answer = await server.Http.SendAsync("POST", "logged-models/search", body);
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (answer.Status, answer.ErrorCode));
    }

    [Theory]
    [InlineData("GET", "")]
    [InlineData("PATCH", "{\"model_id\": \"m-none\", \"status\": \"LOGGED_MODEL_READY\"}")]
    [InlineData("DELETE", "{}")]
    public async Task A_model_that_does_not_exist_is_not_found(string method, string body)
    {
        var answer = await server.Http.SendAsync(method, "logged-models/m-none", body.Length == 0 ? null : body);
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST"), (answer.Status, answer.ErrorCode));
    }

    private async Task<string> NewModelAsync(string experiment, string name) =>
        Field(await server.Http.PostJsonAsync("logged-models", new { experiment_id = experiment, name }), "model_id");

    private static string Field(JsonNode answer, string name) => (string)answer["model"]!["info"]![name]!;

    private static string Names(JsonNode page) =>
        string.Join(' ', page["models"]!.AsArray().Select(m => (string)m!["info"]!["name"]!));
}
