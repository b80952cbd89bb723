using System.CommandLine;

namespace Slipway.Foundation.Console;

/// <summary>Options that several commands share, so that they are spelled and explained the same everywhere.</summary>
public static class ConsoleOptions
{
    /// <summary>On every command.</summary>
    public static Option<bool> Json { get; } =
        new("--json") { Description = "Print the result as JSON, and errors too.", Recursive = true };

    /// <summary>On commands that work on a data folder while no server runs on it.</summary>
    public static Option<string> Data { get; } =
        new("--data")
        {
            Description = "Folder that holds everything the server stores.",
            HelpName = "DIR",
            DefaultValueFactory = _ => "slipway-data",
        };

    public static Option<string?> Store { get; } =
        new("--store")
        {
            Description =
                "PostgreSQL instead of the SQLite file in the data folder: postgres://user:password@host:port/database.",
            HelpName = "ADDRESS",
        };

    public static Option<string?> Blobs { get; } =
        new("--blobs")
        {
            Description = "Where artifacts are instead of the data folder: another folder, or s3://bucket/prefix.",
            HelpName = "ADDRESS",
        };

    /// <summary>On commands that ask a server.</summary>
    public static Option<Uri> Server { get; } =
        new("--server")
        {
            Description = "Address of the server; the variable SLIPWAY_SERVER says it too.",
            HelpName = "URL",
            DefaultValueFactory = _ => new Uri(
                Environment.GetEnvironmentVariable("SLIPWAY_SERVER") ?? "http://127.0.0.1:5000"
            ),
        };

    /// <summary>Makes a command's work: its terminal is at hand, and its faults are shown by the caller of all commands.</summary>
    public static Command Runs(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> work)
    {
        command.SetAction((parsed, cancellation) => work(parsed, Terminal.For(parsed), cancellation));
        return command;
    }
}
