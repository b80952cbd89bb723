using System.Diagnostics;

namespace Slipway.Tests.Kit;

/// <summary>One command of the real program, run to its end.</summary>
public sealed record SlipwayCommand(int ExitCode, string Output, string Error)
{
    public static async Task<SlipwayCommand> RunAsync(params string[] args)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(SlipwayProcess.Binary, args)
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        process.Start();
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new SlipwayCommand(process.ExitCode, await output, await error);
    }
}
