using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Doors.Mlflow;

/// <summary>Attack F03: batches and values beyond what MLflow takes are refused in its form, and nothing of them is kept.</summary>
public sealed class BatchLimitTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Metric = """{"key": "m", "value": 1, "timestamp": 1, "step": 1}""";

    public static TheoryData<string, string> Batches =>
        new()
        {
            { "1001 metrics", $$"""{"metrics": [{{Many(1001, _ => Metric)}}]}""" },
            { "101 parameters", $$"""{"params": [{{Many(101, i => $$"""{"key": "p{{i}}", "value": "x"}""")}}]}""" },
            { "101 tags", $$"""{"tags": [{{Many(101, i => $$"""{"key": "t{{i}}", "value": "x"}""")}}]}""" },
            {
                "1001 of all kinds",
                $$"""{"metrics": [{{Many(950, _ => Metric)}}], "params": [{{Many(51, i => $$"""{"key": "p{{i}}", "value": "x"}""")}}]}"""
            },
            { "a time before 1970", One("timestamp", "-1") },
            { "a key of 251 characters", One("key", $"\"{new string('k', 251)}\"") },
            { "a key with a control character", One("key", "\"a\\u0007b\"") },
            { "a key with a line break", One("key", "\"a\\nb\"") },
            { "a key that climbs", One("key", "\"../m\"") },
            { "a key with a backslash", One("key", "\"a\\\\b\"") },
            { "no key", One("key", "\"\"") },
            {
                "a parameter twice with two values",
                """{"params": [{"key": "p", "value": "1"}, {"key": "p", "value": "2"}]}"""
            },
        };

    [Theory]
    [MemberData(nameof(Batches))]
    public async Task What_MLflow_would_not_take_is_refused_in_its_form_and_leaves_nothing(string what, string batch)
    {
        var run = await NewRunAsync();
        var before = await server.Http.GetStringAsync($"/api/2.0/mlflow/runs/get?run_id={run}");
        // What is fine in the batch is no more kept than what is not.
        using var asked = new StringContent(
            batch.Insert(1, $"\"run_id\": \"{run}\", "),
            Encoding.UTF8,
            "application/json"
        );
        using var answer = await server.Http.PostAsync("/api/2.0/mlflow/runs/log-batch", asked);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{what}: {(int)answer.StatusCode} {text}");
        using var refusal = JsonDocument.Parse(text);
        Assert.Equal("INVALID_PARAMETER_VALUE", refusal.RootElement.GetProperty("error_code").GetString());
        Assert.Equal(before, await server.Http.GetStringAsync($"/api/2.0/mlflow/runs/get?run_id={run}"));
    }

    /// <summary>In a batch, such a value ends MLflow's reading of it without a word, and so it does ours.</summary>
    [Theory]
    [InlineData("value", "\"large\"")]
    [InlineData("value", "[1]")]
    [InlineData("timestamp", "\"soon\"")]
    [InlineData("timestamp", "-1")]
    [InlineData("step", "\"first\"")]
    [InlineData("key", "\"a\\u0007b\"")]
    [InlineData("key", "7")]
    public async Task A_metric_that_is_none_is_refused_by_the_name_of_its_field(string field, string value)
    {
        var run = await NewRunAsync();
        var metric = With(field, value).Insert(1, $"\"run_id\": \"{run}\", ");
        using var asked = new StringContent(metric, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/api/2.0/mlflow/runs/log-metric", asked);
        var text = await answer.Content.ReadAsStringAsync();

        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{(int)answer.StatusCode} {text}");
        using var refusal = JsonDocument.Parse(text);
        Assert.Equal("INVALID_PARAMETER_VALUE", refusal.RootElement.GetProperty("error_code").GetString());
    }

    [Fact]
    public async Task A_batch_as_large_as_MLflow_takes_them_is_taken()
    {
        var run = await NewRunAsync();
        var metrics = Many(
            800,
            i => $$"""{"key": "m{{i}}", "value": 1e300, "timestamp": 9007199254740991, "step": -5}"""
        );
        var parameters = Many(100, i => $$"""{"key": "p{{i}}", "value": "{{new string('x', 6000)}}"}""");
        var tags = Many(100, i => $$"""{"key": "t{{i}}", "value": "x"}""");
        var batch =
            $$"""{"run_id": "{{run}}", "metrics": [{{metrics}}], "params": [{{parameters}}], "tags": [{{tags}}]}""";
        using var asked = new StringContent(batch, Encoding.UTF8, "application/json");
        using var answer = await server.Http.PostAsync("/api/2.0/mlflow/runs/log-batch", asked);

        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Among what is fine.</summary>
    private static string One(string field, string value) =>
        $$"""{"metrics": [{"key": "fine", "value": 1, "timestamp": 1}, {{With(field, value)}}], "tags": [{"key": "t", "value": "x"}]}""";

    private static string With(string field, string value) =>
        Metric.Replace(
            field switch
            {
                "key" => "\"key\": \"m\"",
                _ => $"\"{field}\": 1",
            },
            $"\"{field}\": {value}",
            StringComparison.Ordinal
        );

    private static string Many(int count, Func<int, string> one) =>
        string.Join(", ", Enumerable.Range(0, count).Select(one));

    private async Task<string> NewRunAsync()
    {
        using var answer = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = "0", start_time = 1 }
        );
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return made.GetProperty("run").GetProperty("info").GetProperty("run_id").GetString()!;
    }
}
