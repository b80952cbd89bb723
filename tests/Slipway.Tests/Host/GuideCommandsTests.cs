using System.Diagnostics;
using System.Text.RegularExpressions;
using Slipway.Tests.Host.Import;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

/// <summary>The commands of a guide are run one after the other, as a reader would who has an MLflow in the same folder.</summary>
public sealed partial class GuideCommandsTests
{
    [Theory]
    [InlineData("moving-from-mlflow.md")]
    [InlineData("backup.md")]
    public async Task Every_command_of_the_guide_works_as_it_is_written(string guide)
    {
        using var folder = new TestFolder();
        MlflowFolder.Sample(folder.At("mlruns"));
        MlflowDatabase.WriteSample(folder.Path);
        var text = await File.ReadAllTextAsync(Path.Combine(SlipwayProcess.RepositoryRoot, "docs", "guide", guide));
        var blocks = Blocks().Matches(text).Select(block => block.Groups["code"].Value).ToList();
        if (guide == "backup.md")
            blocks.Insert(0, "slipway import mlflow --from ./mlruns\n");
        Assert.True(blocks.Count > 3);
        var start = new ProcessStartInfo("bash", ["-euxo", "pipefail", "-c", string.Concat(blocks)])
        {
            UseShellExecute = false,
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["PATH"] =
            $"{Path.GetDirectoryName(SlipwayProcess.Binary)}:{Environment.GetEnvironmentVariable("PATH")}";
        using var bash = Process.Start(start)!;
        var (output, errors) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
        await bash.WaitForExitAsync();
        Assert.True(bash.ExitCode == 0, $"{await output}\n{await errors}");
    }

    [GeneratedRegex(
        "^```bash\n(?<code>.*?)^```",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        1000
    )]
    private static partial Regex Blocks();
}
