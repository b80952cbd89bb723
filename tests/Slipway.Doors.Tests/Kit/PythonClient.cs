using System.Diagnostics;

namespace Slipway.Doors.Tests.Kit;

/// <summary>
/// MLflow's own Python client, where there is one: SLIPWAY_TEST_PYTHON names an interpreter that can import mlflow
/// (PYTHONPATH is passed on), python3 is tried where it is not set.
/// </summary>
internal static class PythonClient
{
    private static readonly Lazy<Task<bool>> Found = new(async () =>
        (await RunAsync(["-c", "import mlflow"], server: null)).ExitCode == 0
    );

    private static string Interpreter => Environment.GetEnvironmentVariable("SLIPWAY_TEST_PYTHON") ?? "python3";

    public static Task<bool> IsThereAsync() => Found.Value;

    /// <summary>Runs a script against the server to its end; what it printed. One that fails fails the test.</summary>
    public static async Task<string> RunAsync(string script, Uri server)
    {
        var (exitCode, output) = await RunAsync([script], server);
        Assert.True(exitCode == 0, $"{script} ended with {exitCode}:\n{output}");
        return output;
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string[] arguments, Uri? server)
    {
        var start = new ProcessStartInfo(Interpreter, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["MLFLOW_TRACKING_URI"] = server?.GetLeftPart(UriPartial.Authority);
        start.Environment["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] = "1";
        using var python = Process.Start(start)!;
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        return (python.ExitCode, await output + await errors);
    }
}
