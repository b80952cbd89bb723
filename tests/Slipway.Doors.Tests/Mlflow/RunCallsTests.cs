using System.Text.Json.Nodes;
using Slipway.Doors.Tests.Kit;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>Calls on experiments and runs in the forms that clients send, and in those that they should not.</summary>
public sealed class RunCallsTests(SharedServer server) : IClassFixture<SharedServer>
{
    public static TheoryData<string, string, int, string?> Refusals =>
        new()
        {
            { "experiments/create", "{}", 400, "INVALID_PARAMETER_VALUE" },
            { "experiments/create", "{\"name\": 5}", 400, "INVALID_PARAMETER_VALUE" },
            { "experiments/search", "{}", 400, "INVALID_PARAMETER_VALUE" },
            { "experiments/search", "{\"max_results\": 50001}", 400, "INVALID_PARAMETER_VALUE" },
            { "experiments/search", "{\"max_results\": 1, \"page_token\": \"x\"}", 400, "INVALID_PARAMETER_VALUE" },
            { "experiments/search", "{\"max_results\": 9, \"order_by\": [\"bogus\"]}", 400, "INVALID_PARAMETER_VALUE" },
            {
                "experiments/search",
                "{\"max_results\": 9, \"filter\": \"experiment_id = '0'\"}",
                400,
                "INVALID_PARAMETER_VALUE"
            },
            { "experiments/delete", "{\"experiment_id\": \"4242\"}", 404, "RESOURCE_DOES_NOT_EXIST" },
            { "runs/create", "{}", 400, "BAD_REQUEST" },
            { "runs/create", "{\"experiment_id\": \"4242\"}", 404, "RESOURCE_DOES_NOT_EXIST" },
            { "runs/search", "{\"max_results\": 0}", 400, "INVALID_PARAMETER_VALUE" },
            { "runs/search", "{\"order_by\": [\"dataset.name\"]}", 400, "INVALID_PARAMETER_VALUE" },
            { "runs/search", "{\"order_by\": [\"name\", \"name DESC\"]}", 400, "INVALID_PARAMETER_VALUE" },
            { "runs/search", "{\"filter\": \"metrics.a < 'x'\"}", 400, "INVALID_PARAMETER_VALUE" },
            {
                "runs/log-metric",
                "{\"run_id\": \"none\", \"key\": \"a\", \"value\": 1, \"timestamp\": 1}",
                404,
                "RESOURCE_DOES_NOT_EXIST"
            },
            { "runs/log-batch", "{\"metrics\": []}", 400, "INVALID_PARAMETER_VALUE" },
            {
                "/ajax-api/2.0/mlflow/experiments/search-datasets",
                "{\"experiment_ids\": []}",
                400,
                "INVALID_PARAMETER_VALUE"
            },
            {
                "/ajax-api/2.0/mlflow/runs/create-promptlab-run",
                "{\"experiment_id\": \"0\"}",
                400,
                "INVALID_PARAMETER_VALUE"
            },
        };

    [Theory, MemberData(nameof(Refusals))]
    public async Task A_call_that_breaks_a_rule_is_refused(string path, string body, int status, string? code)
    {
        var answer = await server.Http.SendAsync("POST", path, body);
        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        Assert.NotEmpty((string)answer.Json["message"]!);
    }

    [Theory]
    [InlineData("\"value\": \"abc\", \"timestamp\": 1", 400)]
    [InlineData("\"value\": null, \"timestamp\": 1", 400)]
    [InlineData("\"value\": 1", 400)]
    [InlineData("\"value\": 1, \"timestamp\": -1", 400)]
    [InlineData("\"value\": 1, \"timestamp\": \"x\"", 400)]
    [InlineData("\"value\": \"0.25\", \"timestamp\": \"7\"", 200)]
    [InlineData("\"value\": true, \"timestamp\": 1, \"step\": -3", 200)]
    [InlineData("\"value\": \"NaN\", \"timestamp\": 1", 200)]
    public async Task A_metric_is_taken_in_the_forms_that_protobuf_takes(string fields, int status)
    {
        var run = await RunAsync();
        var answer = await server.Http.SendAsync(
            "POST",
            "runs/log-metric",
            $"{{\"run_id\": \"{run}\", \"key\": \"m\", {fields}}}"
        );
        Assert.Equal(status, answer.Status);
    }

    /// <summary>MLflow's server reads up to the number that protobuf refuses and takes what stands before it.</summary>
    [Theory]
    [InlineData("\"timestamp\": 10, \"step\": 1.5, \"value\": 1", 10, 0, 0.0)]
    [InlineData("\"value\": NaN, \"timestamp\": 5", 0, 0, 0.0)]
    [InlineData("\"value\": 3, \"step\": 2, \"timestamp\": 2.5", 0, 2, 3.0)]
    public async Task A_number_that_protobuf_refuses_ends_the_reading(
        string fields,
        long timestamp,
        long step,
        double value
    )
    {
        var run = await RunAsync();
        var answer = await server.Http.SendAsync(
            "POST",
            "runs/log-metric",
            $"{{\"run_id\": \"{run}\", \"key\": \"m\", {fields}}}"
        );
        Assert.Equal(200, answer.Status);
        var point = Assert.Single(await MetricsAsync(run))!;
        Assert.Equal(
            (timestamp, step, value),
            ((long)point["timestamp"]!, (long)point["step"]!, (double)point["value"]!)
        );
    }

    [Fact]
    public async Task A_batch_is_read_the_same_whichever_way_it_is_written()
    {
        var run = await RunAsync();
        await server.Http.PostJsonAsync(
            "runs/log-batch",
            new
            {
                run_id = run,
                metrics = new object[]
                {
                    new
                    {
                        key = "fast",
                        value = 1.5,
                        timestamp = 3,
                        step = 2,
                        run_id = run,
                    },
                    new
                    {
                        key = "nan",
                        value = "NaN",
                        timestamp = 3,
                    },
                },
                @params = new[] { new { key = "p", value = "1" } },
                tags = new object[] { new { key = "t" } },
                unknown = 1,
            }
        );
        var data = (await server.Http.GetJsonAsync($"runs/get?run_id={run}"))["run"]!["data"]!;
        Assert.Equal("fast nan", Words(data["metrics"]!, "key"));
        Assert.Equal("NaN", (string)data["metrics"]![1]!["value"]!);
        Assert.Equal("1", (string)data["params"]![0]!["value"]!);
        Assert.Contains(data["tags"]!.AsArray(), tag => (string)tag!["key"]! == "t" && (string)tag["value"]! == "");
    }

    [Fact]
    public async Task Values_that_are_missing_are_empty()
    {
        var run = await RunAsync();
        await server.Http.PostJsonAsync("runs/set-tag", new { run_id = run, key = "t" });
        await server.Http.PostJsonAsync("runs/log-parameter", new { run_id = run, key = "p" });
        var data = (await server.Http.GetJsonAsync($"runs/get?run_id={run}"))["run"]!["data"]!;
        Assert.Equal("", (string)data["params"]![0]!["value"]!);
    }

    [Fact]
    public async Task An_infinite_metric_is_the_largest_number()
    {
        var run = await RunAsync();
        await server.Http.PostJsonAsync(
            "runs/log-metric",
            new
            {
                run_id = run,
                key = "m",
                value = "-Infinity",
                timestamp = 1,
            }
        );
        Assert.Equal(double.MinValue, (double)Assert.Single(await MetricsAsync(run))!["value"]!);
    }

    [Fact]
    public async Task A_history_is_given_without_asking_for_a_number_of_points_and_in_pages_with_it()
    {
        var run = await RunAsync();
        await LogStepsAsync(run, 5);
        Assert.Equal(5, (await HistoryAsync(run, "")).Count);
        var first = await server.Http.GetJsonAsync($"metrics/get-history?run_id={run}&metric_key=m&max_results=3");
        var token = (string)first["next_page_token"]!;
        var second = await server.Http.GetJsonAsync(
            $"metrics/get-history?run_id={run}&metric_key=m&max_results=3&page_token={Uri.EscapeDataString(token)}"
        );
        Assert.Equal("0 1 2", Words(first["metrics"]!, "step"));
        Assert.Equal("3 4", Words(second["metrics"]!, "step"));
        Assert.Null(second["next_page_token"]);
        Assert.Equal(
            "{}",
            (await server.Http.GetJsonAsync("metrics/get-history?run_id=none&metric_key=m")).ToJsonString()
        );
    }

    [Fact]
    public async Task Histories_of_several_runs_come_by_run_and_time_up_to_a_limit()
    {
        var experiment = await server.Http.NewExperimentAsync();
        string[] runs = [await server.Http.NewRunAsync(experiment), await server.Http.NewRunAsync(experiment)];
        foreach (var run in runs)
            await LogStepsAsync(run, 3);
        var path =
            $"/ajax-api/2.0/mlflow/metrics/get-history-bulk?metric_key=m&run_id={runs[0]}&run_id={runs[1]}&run_id=none";
        var all = (await server.Http.GetJsonAsync(path))["metrics"]!;
        Assert.Equal("0 1 2 0 1 2", Words(all, "step"));
        Assert.Equal(
            runs.Order(StringComparer.Ordinal).SelectMany(run => Enumerable.Repeat(run, 3)),
            all.AsArray().Select(point => (string)point!["run_id"]!)
        );
        Assert.Equal("0 1 2 0", Words((await server.Http.GetJsonAsync(path + "&max_results=4"))["metrics"]!, "step"));
    }

    [Theory]
    [InlineData("&max_results=10", "0 1 2 3 4 5 6 7 8 9")]
    [InlineData("&max_results=3", "0 3 6 9")]
    [InlineData("&max_results=4", "0 2 5 7 9")]
    [InlineData("&max_results=2&start_step=2&end_step=5", "2 4 5")]
    [InlineData("&start_step=20&end_step=30", "")]
    public async Task A_chart_gets_evenly_spaced_steps_with_the_first_and_the_last(string query, string steps)
    {
        var run = await RunAsync();
        await LogStepsAsync(run, 10);
        var answer = await server.Http.GetJsonAsync(
            $"metrics/get-history-bulk-interval?run_ids={run}&metric_key=m{query}"
        );
        Assert.Equal(steps, answer["metrics"] is { } metrics ? Words(metrics, "step") : "");
    }

    [Theory]
    [InlineData("metric_key=m")]
    [InlineData("run_ids=a")]
    [InlineData("run_ids=a&metric_key=m&max_results=0")]
    [InlineData("run_ids=a&metric_key=m&max_results=2501")]
    [InlineData("run_ids=a&metric_key=m&start_step=1")]
    [InlineData("run_ids=a&metric_key=m&start_step=5&end_step=1")]
    public async Task A_chart_that_asks_for_the_impossible_is_refused(string query)
    {
        var answer = await server.Http.SendAsync("GET", $"metrics/get-history-bulk-interval?{query}");
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Datasets_of_an_experiment_are_named_once_for_each_context()
    {
        var experiment = await server.Http.NewExperimentAsync();
        foreach (var context in (string?[])["training", "training", "test", null])
        {
            var run = await server.Http.NewRunAsync(experiment);
            var tags = context is null ? [] : new[] { new { key = "mlflow.data.context", value = context } };
            await server.Http.PostJsonAsync(
                "runs/log-inputs",
                new { run_id = run, datasets = new[] { new { dataset = new { name = "taxi", digest = "d" }, tags } } }
            );
        }
        var found = await server.Http.PostJsonAsync(
            "/ajax-api/2.0/mlflow/experiments/search-datasets",
            new { experiment_ids = new[] { experiment } }
        );
        Assert.Equal(
            new HashSet<string?> { "training", "test", null },
            found["dataset_summaries"]!.AsArray().Select(d => (string?)d!["context"]).ToHashSet()
        );
        Assert.Equal(3, found["dataset_summaries"]!.AsArray().Count);
    }

    private async Task<string> RunAsync() => await server.Http.NewRunAsync(await server.Http.NewExperimentAsync());

    private Task LogStepsAsync(string run, int count) =>
        server.Http.PostJsonAsync(
            "runs/log-batch",
            new
            {
                run_id = run,
                metrics = Enumerable
                    .Range(0, count)
                    .Select(step => new
                    {
                        key = "m",
                        value = step * 0.5,
                        timestamp = 100 + step,
                        step,
                    }),
            }
        );

    private async Task<JsonArray> MetricsAsync(string run) =>
        (await server.Http.GetJsonAsync($"runs/get?run_id={run}"))["run"]!["data"]!["metrics"]!.AsArray();

    private async Task<JsonArray> HistoryAsync(string run, string query) =>
        (await server.Http.GetJsonAsync($"metrics/get-history?run_id={run}&metric_key=m{query}"))["metrics"]!.AsArray();

    private static string Words(JsonNode items, string field) =>
        string.Join(' ', items.AsArray().Select(item => item![field]!.ToString()));

    [Theory]
    [InlineData("runs/outputs", """{"run_id": "none"}""", 400)]
    [InlineData("runs/log-batch", """{"run_id": "../x"}""", 400)]
    [InlineData("runs/log-batch", """{"run_id": "none"}""", 404)]
    [InlineData("runs/log-inputs", """{"run_id": "a b"}""", 400)]
    [InlineData(
        "runs/log-metric",
        """{"run_id": "none", "key": "k", "value": 1, "timestamp": 1, "model_id": 5}""",
        400
    )]
    [InlineData(
        "runs/log-metric",
        """{"run_id": "none", "key": "k", "value": 1, "timestamp": 1, "dataset_name": "d"}""",
        400
    )]
    [InlineData(
        "runs/log-batch",
        """{"run_id": "none", "metrics": [{"key": "k", "value": "", "timestamp": 1}]}""",
        400
    )]
    [InlineData("runs/update", """{"run_id": "none", "status": 9}""", 400)]
    [InlineData("runs/update", """{"run_id": "none", "status": "SOMETHING"}""", 404)]
    [InlineData("experiments/search", """{"max_results": 1, "view_type": "SOME"}""", 200)]
    [InlineData("experiments/search", """{"max_results": 1, "view_type": []}""", 400)]
    [InlineData("experiments/search", """{"max_results": 1, "view_type": 7}""", 200)]
    [InlineData("traces/link-to-run", """{"run_id": "none"}""", 400)]
    [InlineData("/api/3.0/mlflow/traces/batchGetInfos", "{}", 400)]
    [InlineData("/api/3.0/mlflow/traces/search", "{}", 400)]
    [InlineData("/api/3.0/mlflow/traces/search", """{"locations": [{"type": "INFERENCE_TABLE"}]}""", 200)]
    public async Task What_a_call_needs_is_looked_at_before_what_it_names(string path, string body, int status) =>
        Assert.Equal(status, (await server.Http.SendAsync("POST", path, body)).Status);

    [Fact]
    public async Task A_new_run_may_bring_tags_of_any_name_and_its_user_is_the_one_it_names()
    {
        var experiment = await server.Http.NewExperimentAsync();
        var made = await server.Http.PostJsonAsync(
            "runs/create",
            new
            {
                experiment_id = experiment,
                tags = new[] { new { key = "what? (new)", value = "1" }, new { key = "mlflow.user", value = "ada" } },
            }
        );
        Assert.Equal("", (string)made["run"]!["info"]!["user_id"]!);
        Assert.Contains("what? (new)", made["run"]!["data"]!["tags"]!.AsArray().Select(tag => (string)tag!["key"]!));
    }

    [Theory]
    [InlineData("application/jsonx", 400)]
    [InlineData("text/json", 400)]
    [InlineData("application/json; charset=utf-8", 200)]
    public async Task A_body_says_that_it_is_json(string type, int status)
    {
        using var content = new ByteArrayContent("{\"max_results\": 1}"u8.ToArray());
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await server.Http.PostAsync(
            new Uri("/api/2.0/mlflow/experiments/search", UriKind.Relative),
            content
        );
        Assert.Equal(status, (int)response.StatusCode);
    }
}
