using System.Diagnostics;

namespace Slipway.Tests.Kit;

/// <summary>One command of the real program, run to its end.</summary>
public sealed record SlipwayCommand(int ExitCode, string Output, string Error)
{
    public static Task<SlipwayCommand> RunAsync(params string[] args) => RunAsync(args, input: "", []);

    /// <summary>With what is typed or piped into it, and with variables of its own.</summary>
    public static async Task<SlipwayCommand> RunAsync(
        IEnumerable<string> args,
        string input,
        IReadOnlyCollection<KeyValuePair<string, string>> environment
    )
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
        foreach (var (name, value) in environment)
            process.StartInfo.Environment[name] = value;
        process.Start();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading.
        }
        await process.WaitForExitAsync();
        return new SlipwayCommand(process.ExitCode, await output, await error);
    }
}
