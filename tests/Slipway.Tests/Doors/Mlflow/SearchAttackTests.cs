using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Doors.Mlflow;

/// <summary>
/// Attack F01: filters, orders and page tokens made to reach the database or to take the server's time. Each is refused
/// in MLflow's form or answered, within a second of the server's CPU, and the server goes on.
/// </summary>
public sealed class SearchAttackTests(SharedServer server) : IClassFixture<SharedServer>
{
    private static readonly string[] Searches =
    [
        "/api/2.0/mlflow/runs/search",
        "/api/2.0/mlflow/experiments/search",
        "/api/2.0/mlflow/logged-models/search",
        "/api/3.0/mlflow/traces/search",
    ];

    public static TheoryData<string, string> Refused =>
        new()
        {
            { "many terms", string.Join(" OR ", Enumerable.Repeat("metrics.a > 1", 10_000)) },
            { "many terms of text", string.Join(" AND ", Enumerable.Range(0, 10_000).Select(i => $"tags.t{i} = 'x'")) },
            { "deep nesting", new string('(', 10_000) + "metrics.a > 1" + new string(')', 10_000) },
            { "open nesting", new string('(', 100_000) },
            { "a long pattern", $"tags.a LIKE '{string.Concat(Enumerable.Repeat("%a", 50_000))}'" },
            { "another statement", "metrics.a > 1; DROP TABLE tracking_runs" },
            { "a comment", "metrics.a > 1 -- " },
            { "an open quote", "tags.a = 'x" },
            { "a sub-query", "tags.a = (select password from identity_users)" },
            { "a union", "attributes.name = '' UNION SELECT 1" },
        };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_filter_that_is_no_question_is_refused_at_once(string what, string filter)
    {
        foreach (var search in Searches)
        {
            var (status, text) = await AskAsync(search, new { filter = filter, max_results = 10 });
            Assert.True(status == HttpStatusCode.BadRequest, $"{what} at {search}: {(int)status} {text}");
            using var refusal = JsonDocument.Parse(text);
            Assert.Equal("INVALID_PARAMETER_VALUE", refusal.RootElement.GetProperty("error_code").GetString());
        }
    }

    [Fact]
    public async Task Patterns_that_match_nothing_cost_nothing_much()
    {
        using var made = await server.Http.PostAsJsonAsync(
            "/api/2.0/mlflow/runs/create",
            new { experiment_id = "0", tags = new[] { new { key = "a", value = new string('a', 5000) } } }
        );
        made.EnsureSuccessStatusCode();
        var pattern = string.Concat(Enumerable.Repeat("%a_", 3000)) + "b";
        var (status, text) = await AskAsync(Searches[0], new { filter = $"tags.a LIKE '{pattern}'" });

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("\"runs\"", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("metrics.a DESC; DROP TABLE tracking_runs")]
    [InlineData("(select 1)")]
    [InlineData("metrics.a, metrics.b")]
    [InlineData("'")]
    public async Task An_order_that_is_none_is_refused(string order)
    {
        var (status, text) = await AskAsync(Searches[0], new { order_by = new[] { order } });
        Assert.True(status == HttpStatusCode.BadRequest, $"{(int)status} {text}");
        var many = Enumerable.Range(0, 10_000).Select(i => $"metrics.m{i} DESC");
        Assert.Equal(HttpStatusCode.BadRequest, (await AskAsync(Searches[0], new { order_by = many })).Status);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("eyJvZmZzZXQiOiAieCJ9")]
    [InlineData("W10=")]
    [InlineData("' OR 1=1 --")]
    public async Task A_page_token_that_was_not_given_out_is_refused(string token)
    {
        foreach (var search in Searches)
        {
            var (status, text) = await AskAsync(search, new { page_token = token, max_results = 10 });
            Assert.True(status == HttpStatusCode.BadRequest, $"{search}: {(int)status} {text}");
        }
    }

    private async Task<(HttpStatusCode Status, string Text)> AskAsync(string search, object more)
    {
        var body = JsonSerializer.SerializeToNode(more)!.AsObject();
        if (search == Searches[3])
            body["locations"] = JsonNodeOf(
                """[{"type": "MLFLOW_EXPERIMENT", "mlflow_experiment": {"experiment_id": "0"}}]"""
            );
        else if (search != Searches[1])
            body["experiment_ids"] = JsonNodeOf("""["0"]""");
        var before = CpuTime();
        using var answer = await server.Http.PostAsJsonAsync(search, body);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.InRange(CpuTime() - before, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal("OK", await server.Http.GetStringAsync("/health"));
        return (answer.StatusCode, text);
    }

    private static System.Text.Json.Nodes.JsonNode JsonNodeOf(string json) =>
        System.Text.Json.Nodes.JsonNode.Parse(json)!;

    private TimeSpan CpuTime()
    {
        using var process = Process.GetProcessById(server.Process.Id);
        return process.TotalProcessorTime;
    }
}
