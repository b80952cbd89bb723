using System.Net.Http.Json;
using System.Text.Json;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host.Import;

/// <summary>What the samples hold, looked at through MLflow's own calls once they have come over.</summary>
internal static class Imported
{
    public const string RunId = "0123456789abcdef0123456789abcdef";
    public const string DeletedRunId = "1123456789abcdef0123456789abcdef";
    public const string GoneRunId = "2123456789abcdef0123456789abcdef";
    public const string ModelId = "m-0123456789abcdef0123456789abcdef";

    public static async Task CheckAsync(SlipwayProcess server)
    {
        var experiment = (await GetAsync(server, "experiments/get?experiment_id=7")).GetProperty("experiment");
        Assert.Equal("fares", experiment.GetProperty("name").GetString());
        Assert.Equal("1700000000000", experiment.GetProperty("creation_time").ToString());
        Assert.Equal("team=blue", Texts(experiment, "tags"));

        var run = (await GetAsync(server, $"runs/get?run_id={RunId}")).GetProperty("run");
        var head = run.GetProperty("info");
        Assert.Equal("FINISHED", head.GetProperty("status").GetString());
        Assert.Equal("1700000001000", head.GetProperty("start_time").ToString());
        Assert.Equal("1700000009000", head.GetProperty("end_time").ToString());
        Assert.Equal("ann", head.GetProperty("user_id").GetString());
        Assert.Equal("first", head.GetProperty("run_name").GetString());
        Assert.Equal("alpha=0.1;long/name=x", Texts(run.GetProperty("data"), "params"));
        Assert.Contains("note=Grüße", Texts(run.GetProperty("data"), "tags"), StringComparison.Ordinal);
        var dataset = run.GetProperty("inputs").GetProperty("dataset_inputs")[0];
        Assert.Equal("trips", dataset.GetProperty("dataset").GetProperty("name").GetString());
        Assert.Equal(
            """{"mlflow_colspec": [{"type": "long", "name": "a"}]}""",
            dataset.GetProperty("dataset").GetProperty("schema").GetString()
        );
        Assert.Equal("mlflow.data.context=training", Texts(dataset, "tags"));
        var output = run.GetProperty("outputs").GetProperty("model_outputs")[0];
        Assert.Equal(ModelId, output.GetProperty("model_id").GetString());

        var loss = await HistoryAsync(server, RunId, "loss");
        Assert.Equal(Enumerable.Range(0, 500).Select(i => (i, 500.5 - i)), loss);
        var odd = await HistoryAsync(server, RunId, "odd");
        Assert.Equal([0, 1], odd.Select(point => point.Step));
        Assert.True(double.IsNaN(odd[0].Value));
        Assert.True(odd[1].Value >= double.MaxValue);

        Assert.Equal("hello", await FileAsync(server, $"7/{RunId}/artifacts/sub/a%20%C3%A9.txt"));
        Assert.Equal("weights", await FileAsync(server, $"7/models/{ModelId}/artifacts/w.bin"));
        var model = (await GetAsync(server, $"logged-models/{ModelId}")).GetProperty("model");
        Assert.Equal("net", model.GetProperty("info").GetProperty("name").GetString());
        Assert.Equal("LOGGED_MODEL_READY", model.GetProperty("info").GetProperty("status").GetString());
        Assert.Equal("depth=3", Texts(model.GetProperty("data"), "params"));
        Assert.Equal(0.9, model.GetProperty("data").GetProperty("metrics")[0].GetProperty("value").GetDouble());

        Assert.Equal("deleted", await StageAsync(server, DeletedRunId));
        Assert.Equal("deleted", await StageAsync(server, GoneRunId));
        var gone = (await GetAsync(server, "experiments/get?experiment_id=8")).GetProperty("experiment");
        Assert.Equal("deleted", gone.GetProperty("lifecycle_stage").GetString());
    }

    public static async Task<List<(int Step, double Value)>> HistoryAsync(SlipwayProcess server, string run, string key)
    {
        var history = await GetAsync(server, $"metrics/get-history?run_id={run}&metric_key={key}&max_results=25000");
        return
        [
            .. history
                .GetProperty("metrics")
                .EnumerateArray()
                .Select(point =>
                    (
                        int.Parse(point.GetProperty("step").ToString(), null),
                        double.Parse(
                            point.GetProperty("value").ToString(),
                            System.Globalization.CultureInfo.InvariantCulture
                        )
                    )
                ),
        ];
    }

    public static Task<JsonElement> GetAsync(SlipwayProcess server, string call) =>
        server.Http.GetFromJsonAsync<JsonElement>($"/api/2.0/mlflow/{call}");

    public static Task<string> FileAsync(SlipwayProcess server, string path) =>
        server.Http.GetStringAsync($"/api/2.0/mlflow-artifacts/artifacts/{path}");

    public static string Texts(JsonElement owner, string name) =>
        string.Join(
            ';',
            owner
                .GetProperty(name)
                .EnumerateArray()
                .Select(entry => $"{entry.GetProperty("key").GetString()}={entry.GetProperty("value").GetString()}")
                .Order(StringComparer.Ordinal)
        );

    private static async Task<string?> StageAsync(SlipwayProcess server, string run) =>
        (await GetAsync(server, $"runs/get?run_id={run}"))
            .GetProperty("run")
            .GetProperty("info")
            .GetProperty("lifecycle_stage")
            .GetString();
}
