using System.Text.Json.Nodes;
using Slipway.Doors.Tests.Kit;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>Evaluation datasets as MLflow's clients make, fill and find them.</summary>
public sealed class EvaluationDatasetCallsTests(SharedServer server) : IClassFixture<SharedServer>
{
    private const string Datasets = "/api/3.0/mlflow/datasets";

    [Fact]
    public async Task A_dataset_tells_its_tags_and_experiments_as_python_would_write_them()
    {
        var experiment = await server.Http.NewExperimentAsync();
        var made = await CreateAsync("asked", """{"team": "ä", "mlflow.user": "ada"}""", experiment);
        Assert.Equal("{\"team\": \"\\u00e4\", \"mlflow.user\": \"ada\"}", (string)made["tags"]!);
        Assert.Equal(("ada", "ada"), ((string)made["created_by"]!, (string)made["last_updated_by"]!));
        Assert.Equal(experiment, (string)made["experiment_ids"]![0]!);
        var read = (await server.Http.GetJsonAsync($"{Datasets}/{Id(made)}"))["dataset"]!;
        Assert.Null(read["experiment_ids"]);
        Assert.Null(read["schema"]);
    }

    [Fact]
    public async Task Records_with_the_same_inputs_are_one_record_that_takes_up_what_is_new()
    {
        var id = Id(await CreateAsync("merged"));
        await UpsertAsync(
            id,
            (1, 1),
            """
            [{"inputs": {"q": "a", "n": 1}, "expectations": {"x": 1, "y": 0.5}, "tags": {"v": "1"},
              "source": {"source_type": "TRACE", "source_data": {"trace_id": "tr-1"}}},
             {"inputs": {"n": 1, "q": "a"}, "expectations": {"x": 2}, "tags": {"w": "1"}, "outputs": "said"}]
            """
        );
        var record = Assert.Single(await RecordsAsync(id))!;
        Assert.Equal("""{"x":2,"y":0.5}""", record["expectations"]!.ToJsonString());
        Assert.Equal("""{"v":"1","w":"1"}""", record["tags"]!.ToJsonString());
        Assert.Equal("said", (string)record["outputs"]!);
        Assert.Equal(("TRACE", "tr-1"), ((string)record["source_type"]!, (string)record["source_id"]!));
        await UpsertAsync(id, (0, 0), "[]");
        await UpsertAsync(id, (1, 0), """[{"expectations": {"only": 1}}]""");
        await UpsertAsync(id, (0, 1), """[{"inputs": {}, "outputs": null}]""");
        var second = (await RecordsAsync(id))[1]!;
        Assert.Equal(("{}", null), (second["inputs"]!.ToJsonString(), second["outputs"]));
    }

    [Fact]
    public async Task A_dataset_says_what_its_records_consist_of_and_changes_its_digest_with_them()
    {
        var made = await CreateAsync("fields");
        var id = Id(made);
        await UpsertAsync(
            id,
            (2, 0),
            """
            [{"inputs": {"s": "x", "i": 1, "f": 1.5, "b": true, "n": null, "a": [1], "o": {}}},
             {"inputs": {"s": 7}, "expectations": {"e": 1e3}}]
            """
        );
        var dataset = (await server.Http.GetJsonAsync($"{Datasets}/{id}"))["dataset"]!;
        Assert.Equal(
            "{\"inputs\": {\"s\": \"string\", \"i\": \"integer\", \"f\": \"float\", \"b\": \"boolean\", \"n\": \"null\", \"a\": \"array\", \"o\": \"object\"}, "
                + "\"outputs\": {}, \"expectations\": {\"e\": \"float\"}, \"version\": \"1.0\"}",
            (string)dataset["schema"]!
        );
        Assert.Equal("{\"num_records\": 2}", (string)dataset["profile"]!);
        Assert.NotEqual((string)made["digest"]!, (string)dataset["digest"]!);

        var records = await RecordsAsync(id);
        var gone = (string)records[1]!["dataset_record_id"]!;
        Assert.Equal(1, await DeleteRecordsAsync(id, gone, "dr-none"));
        Assert.Equal(0, await DeleteRecordsAsync(id, gone));
        var less = (await server.Http.GetJsonAsync($"{Datasets}/{id}"))["dataset"]!;
        Assert.Equal("{\"num_records\": 1}", (string)less["profile"]!);
        Assert.Equal((string)dataset["schema"]!, (string)less["schema"]!);
    }

    [Fact]
    public async Task Records_come_in_pages_in_the_order_in_which_they_were_sent()
    {
        var id = Id(await CreateAsync("paged"));
        await UpsertAsync(
            id,
            (5, 0),
            $"[{string.Join(", ", Enumerable.Range(0, 5).Select(i => $"{{\"inputs\": {{\"i\": {i}}}}}"))}]"
        );
        var seen = new List<int>();
        for (var query = "max_results=2"; query is not null; )
        {
            var page = await server.Http.GetJsonAsync($"{Datasets}/{id}/records?{query}");
            seen.AddRange(Parse(page).Select(record => (int)record!["inputs"]!["i"]!));
            query = page["next_page_token"] is { } token
                ? $"max_results=2&page_token={Uri.EscapeDataString((string)token!)}"
                : null;
        }
        Assert.Equal([0, 1, 2, 3, 4], seen);
    }

    [Fact]
    public async Task Experiments_are_added_and_removed()
    {
        var (first, second) = (await server.Http.NewExperimentAsync(), await server.Http.NewExperimentAsync());
        var id = Id(await CreateAsync("linked", "{}", first));
        await server.Http.PostJsonAsync(
            $"{Datasets}/{id}/add-experiments",
            new { experiment_ids = new[] { second, first } }
        );
        Assert.Equal(new HashSet<string> { first, second }, await ExperimentsAsync(id));
        await server.Http.PostJsonAsync(
            $"{Datasets}/{id}/remove-experiments",
            new { experiment_ids = new[] { first } }
        );
        Assert.Equal(new HashSet<string> { second }, await ExperimentsAsync(id));
        var unknown = await server.Http.SendAsync(
            "POST",
            $"{Datasets}/{id}/add-experiments",
            "{\"experiment_ids\": [\"424242\"]}"
        );
        Assert.Equal((404, "RESOURCE_DOES_NOT_EXIST"), (unknown.Status, unknown.ErrorCode));
    }

    [Fact]
    public async Task A_search_filters_and_orders_newest_first()
    {
        var experiment = await server.Http.NewExperimentAsync();
        await CreateAsync("one", """{"team": "ml"}""", experiment);
        await CreateAsync("two", """{"team": "ops"}""", experiment);
        Assert.Equal("two one", await SearchAsync(experiment, ""));
        Assert.Equal("one", await SearchAsync(experiment, "tags.team = 'ml'"));
        Assert.Equal("two", await SearchAsync(experiment, "name LIKE 't%' AND created_time > 0"));
        var refused = await server.Http.SendAsync("POST", $"{Datasets}/search", "{\"filter_string\": \"bogus = 'x'\"}");
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (refused.Status, refused.ErrorCode));
    }

    [Theory]
    [InlineData("POST", "/d-none/records", "{\"records\": \"[{\\\"inputs\\\": {}}]\"}", 400, "BAD_REQUEST")]
    [InlineData("GET", "/d-none", null, 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("PATCH", "/d-none/tags", "{\"tags\": \"{}\"}", 404, "RESOURCE_DOES_NOT_EXIST")]
    [InlineData("DELETE", "/d-none", null, 200, null)]
    [InlineData("DELETE", "/d-none/tags/a", null, 200, null)]
    [InlineData("GET", "/d-none/experiment-ids", null, 200, null)]
    [InlineData("GET", "/d-none/records", null, 200, null)]
    [InlineData("DELETE", "/d-none/records", "{\"dataset_record_ids\": [\"r\"]}", 200, null)]
    public async Task A_dataset_that_does_not_exist_is_answered_as_mlflow_does(
        string method,
        string path,
        string? body,
        int status,
        string? code
    )
    {
        var answer = await server.Http.SendAsync(method, Datasets + path, body);
        Assert.Equal((status, code), (answer.Status, answer.ErrorCode));
        Assert.DoesNotContain("select", answer.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"name\": \"x\", \"tags\": \"[\"}")]
    [InlineData("{\"name\": \"x\", \"experiment_ids\": \"0\"}")]
    public async Task A_dataset_that_cannot_be_is_refused(string body)
    {
        var answer = await server.Http.SendAsync("POST", $"{Datasets}/create", body);
        Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (answer.Status, answer.ErrorCode));
    }

    [Fact]
    public async Task Records_that_are_none_are_refused_whole()
    {
        var id = Id(await CreateAsync("strict"));
        foreach (
            var records in (string[])
                [
                    "{}",
                    "[5]",
                    """[{"inputs": null}]""",
                    """[{"inputs": {"a": 1}}, {"inputs": 5}]""",
                    """[{"inputs": {}, "source": {"source_type": "x"}}]""",
                ]
        )
        {
            var answer = await server.Http.SendAsync(
                "POST",
                $"{Datasets}/{id}/records",
                new JsonObject { ["records"] = records }.ToJsonString()
            );
            Assert.Equal((400, "INVALID_PARAMETER_VALUE"), (answer.Status, answer.ErrorCode));
        }
        Assert.Empty(await RecordsAsync(id));
    }

    private async Task<JsonNode> CreateAsync(string name, string tags = "{}", params string[] experiments) =>
        (
            await server.Http.PostJsonAsync(
                $"{Datasets}/create",
                new
                {
                    name,
                    tags,
                    experiment_ids = experiments,
                }
            )
        )["dataset"]!;

    private static string Id(JsonNode dataset) => (string)dataset["dataset_id"]!;

    private async Task UpsertAsync(string id, (int Inserted, int Updated) counts, string records)
    {
        var answer = await server.Http.PostJsonAsync($"{Datasets}/{id}/records", new { records });
        Assert.Equal(counts, ((int)answer["inserted_count"]!, (int)answer["updated_count"]!));
    }

    private async Task<JsonArray> RecordsAsync(string id) =>
        Parse(await server.Http.GetJsonAsync($"{Datasets}/{id}/records"));

    private static JsonArray Parse(JsonNode page) => JsonNode.Parse((string)page["records"]!)!.AsArray();

    private async Task<int> DeleteRecordsAsync(string id, params string[] ids)
    {
        var body = System.Text.Json.JsonSerializer.Serialize(new { dataset_record_ids = ids });
        return (int)(await server.Http.SendAsync("DELETE", $"{Datasets}/{id}/records", body)).Json["deleted_count"]!;
    }

    private async Task<HashSet<string>> ExperimentsAsync(string id) =>
        (await server.Http.GetJsonAsync($"{Datasets}/{id}/experiment-ids"))["experiment_ids"]!
            .AsArray()
            .Select(e => (string)e!)
            .ToHashSet();

    private async Task<string> SearchAsync(string experiment, string filter)
    {
        var found = await server.Http.PostJsonAsync(
            $"{Datasets}/search",
            new { experiment_ids = new[] { experiment }, filter_string = filter }
        );
        return string.Join(' ', found["datasets"]!.AsArray().Select(d => (string)d!["name"]!));
    }
}
