using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Doors.Mlflow;

/// <summary>MLflow's calls on traces on the real program: what clients may send wrong, and that nothing breaks by it.</summary>
public sealed class TracesDoorTests(SharedServer server) : IClassFixture<SharedServer>
{
    [Theory]
    [InlineData("{}")]
    [InlineData(
        "{\"trace\": {\"trace_info\": {\"trace_id\": \"a\\nb\", \"trace_location\": {\"mlflow_experiment\": {\"experiment_id\": \"0\"}}}}}"
    )]
    public async Task A_trace_that_lacks_what_it_must_have_is_refused(string body) =>
        await RefusedAsync(HttpMethod.Post, "3.0/mlflow/traces", body);

    [Theory]
    [InlineData("{\"trace\": 1}")]
    [InlineData("{\"trace\": {\"trace_info\": {}}}")]
    [InlineData("{\"trace\": {\"trace_info\": {\"trace_id\": \"t\"}}}")]
    [InlineData("{\"trace\": {\"trace_info\": {\"trace_id\": \"t\", \"trace_location\": {\"inference_table\": {}}}}}")]
    public async Task A_trace_of_no_experiment_is_refused(string body) =>
        await RefusedAsync(HttpMethod.Post, "3.0/mlflow/traces", body, "BAD_REQUEST");

    [Theory]
    [InlineData("\"request_time\": \"0001-01-01T00:00:00Z\"")]
    [InlineData("\"assessments\": [{}]")]
    [InlineData("\"assessments\": [{\"assessment_name\": \"a\", \"source\": {\"source_type\": \"HUMAN\"}}]")]
    public async Task A_field_that_cannot_be_kept_is_refused(string field) =>
        await RefusedAsync(HttpMethod.Post, "3.0/mlflow/traces", Trace("t-refused", field));

    [Theory]
    [InlineData("\"request_time\": \"yesterday\"")]
    [InlineData("\"request_time\": 5")]
    [InlineData("\"execution_duration\": \"5\"")]
    [InlineData("\"execution_duration\": \"1e99s\"")]
    [InlineData("\"tags\": {\"a\": 1}")]
    [InlineData("\"tags\": [1]")]
    public async Task A_field_of_another_form_ends_the_reading(string field)
    {
        var body = Trace("t-cut", $"{field}, \"state\": \"OK\"");
        using var answer = await SendAsync(HttpMethod.Post, "3.0/mlflow/traces", body);
        var trace = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!["trace"]!["trace_info"]!;
        Assert.Equal("STATE_UNSPECIFIED", (string)trace["state"]!);
        Assert.False(trace["tags"]!.AsObject().ContainsKey("a"));
    }

    [Theory]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/search",
        "{\"locations\": [{\"mlflow_experiment\": {\"experiment_id\": \"0\"}}], \"max_results\": 501}"
    )]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/search",
        "{\"locations\": [{\"mlflow_experiment\": {\"experiment_id\": \"0\"}}], \"max_results\": -1}"
    )]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/search",
        "{\"locations\": [{\"mlflow_experiment\": {\"experiment_id\": \"0\"}}], \"page_token\": \"e30=\"}"
    )]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/search",
        "{\"locations\": [{\"mlflow_experiment\": {\"experiment_id\": \"0\"}}], \"order_by\": [\"name; drop table\"]}"
    )]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/search",
        "{\"locations\": [{\"mlflow_experiment\": {\"experiment_id\": \"0\"}}], \"order_by\": [\"name\", \"name DESC\"]}"
    )]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/search",
        "{\"locations\": [{\"mlflow_experiment\": {\"experiment_id\": \"0\"}}], \"filter\": \"name = 'a'; DROP TABLE tracing_traces\"}"
    )]
    [InlineData("POST", "2.0/mlflow/traces/delete-traces", "{\"experiment_id\": \"0\"}")]
    [InlineData(
        "POST",
        "2.0/mlflow/traces/delete-traces",
        "{\"experiment_id\": \"0\", \"max_timestamp_millis\": 1, \"request_ids\": [\"a\"]}"
    )]
    [InlineData(
        "POST",
        "2.0/mlflow/traces/delete-traces",
        "{\"experiment_id\": \"0\", \"max_timestamp_millis\": 1, \"max_traces\": 0}"
    )]
    [InlineData("POST", "2.0/mlflow/traces/link-to-run", "{\"trace_ids\": [\"a\"]}")]
    [InlineData("POST", "3.0/mlflow/traces/metrics", "{\"experiment_ids\": [\"0\"], \"view_type\": \"TRACES\"}")]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/metrics",
        "{\"experiment_ids\": [\"0\"], \"view_type\": \"BOGUS\", \"metric_name\": \"trace_count\"}"
    )]
    [InlineData(
        "POST",
        "3.0/mlflow/traces/calculate-filter-correlation",
        "{\"experiment_ids\": [\"0\"], \"filter_string1\": \"name = 'a'\"}"
    )]
    [InlineData("GET", "3.0/mlflow/traces/get", null)]
    public async Task A_call_that_asks_for_what_there_is_not_is_refused(string method, string path, string? body) =>
        await RefusedAsync(new HttpMethod(method), path, body);

    [Fact]
    public async Task What_is_refused_leaves_nothing_behind()
    {
        await RefusedAsync(
            HttpMethod.Post,
            "3.0/mlflow/traces",
            Trace("t-nothing", "\"tags\": {\"a\": \"1\"}, \"assessments\": [{}]")
        );
        using var answer = await server.Http.GetAsync("/api/3.0/mlflow/traces/t-nothing");
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public async Task Values_of_assessments_come_back_as_they_were_whatever_their_kind()
    {
        using var made = await SendAsync(HttpMethod.Post, "3.0/mlflow/traces", Trace("t-values", "\"state\": \"OK\""));
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
        foreach (var value in new[] { "true", "5", "0.25", "\"hi\"", "null", "[1, \"a\"]", "{\"a\": {\"b\": [true]}}" })
        {
            var body =
                $"{{\"assessment\": {{\"assessment_name\": \"a\", \"source\": {{\"source_type\": \"CODE\", \"source_id\": \"x\"}}, \"feedback\": {{\"value\": {value}}}}}}}";
            using var created = await SendAsync(HttpMethod.Post, "3.0/mlflow/traces/t-values/assessments", body);
            var assessment = JsonNode.Parse(await created.Content.ReadAsStringAsync())!["assessment"]!;
            var id = (string)assessment["assessment_id"]!;
            var got = JsonNode.Parse(
                await server.Http.GetStringAsync($"/api/3.0/mlflow/traces/t-values/assessments/{id}")
            )!;
            Assert.True(JsonNode.DeepEquals(assessment, got["assessment"]), value);
            Assert.True(JsonNode.DeepEquals(JsonNode.Parse(value), got["assessment"]!["feedback"]!["value"]), value);
        }
    }

    private static string Trace(string id, string field) =>
        $"{{\"trace\": {{\"trace_info\": {{\"trace_id\": \"{id}\", \"trace_location\": {{\"type\": \"MLFLOW_EXPERIMENT\", \"mlflow_experiment\": {{\"experiment_id\": \"0\"}}}}, {field}}}}}}}";

    private async Task RefusedAsync(
        HttpMethod method,
        string path,
        string? body,
        string errorCode = "INVALID_PARAMETER_VALUE"
    )
    {
        using var answer = await SendAsync(method, path, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.StatusCode == HttpStatusCode.BadRequest, $"{(int)answer.StatusCode} {text}");
        Assert.Equal(errorCode, (string)JsonNode.Parse(text)!["error_code"]!);
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body)
    {
        using var request = new HttpRequestMessage(method, $"/api/{path}");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        return await server.Http.SendAsync(request);
    }
}
