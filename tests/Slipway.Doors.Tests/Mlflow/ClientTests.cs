using Slipway.Doors.Tests.Kit;
using Slipway.Tests.Kit;

namespace Slipway.Doors.Tests.Mlflow;

/// <summary>
/// What users do, through MLflow's Python client: each script of Client/ says what it expects. Where no client is installed,
/// the same calls are sent as they were recorded when one was.
/// </summary>
public sealed class ClientTests
{
    public static TheoryData<string> Scripts =>
        ["training", "search", "workers", "models", "traces", "evaluation", "artifacts", "train"];

    [Theory, MemberData(nameof(Scripts))]
    public async Task A_script_of_the_client_finds_what_it_expects(string name)
    {
        await using var server = await SlipwayProcess.StartAsync();
        if (await PythonClient.IsThereAsync())
            await PythonClient.RunAsync(ScriptOf(name), server.Address);
        else
            await Exchanges.ReplayAsync(server.Http, RecordingOf(name));
    }

    [Theory, MemberData(nameof(Scripts))]
    public async Task What_the_client_once_sent_is_answered_as_it_was_then(string name)
    {
        await using var server = await SlipwayProcess.StartAsync();
        await Exchanges.ReplayAsync(server.Http, RecordingOf(name));
    }

    /// <summary>The script of the guide is one of the samples; the others are there for this.</summary>
    private static string ScriptOf(string name) =>
        name == "train" ? At("samples/mlflow/train.py") : At($"tests/Slipway.Doors.Tests/Mlflow/Client/{name}.py");

    private static string RecordingOf(string name) => At($"tests/Slipway.Doors.Tests/Mlflow/Client/{name}.jsonl");

    private static string At(string path) => Path.Combine(SlipwayProcess.RepositoryRoot, path);
}
