using System.CommandLine;
using Slipway.Sdk;

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
    public static Option<string> Server { get; } =
        new("--server")
        {
            Description = "Address of the server; the variable SLIPWAY_SERVER says it too.",
            HelpName = "URL",
            DefaultValueFactory = _ =>
                Environment.GetEnvironmentVariable("SLIPWAY_SERVER") is { Length: > 0 } address
                    ? address
                    : "http://127.0.0.1:5000",
        };

    /// <summary>On commands that ask a server.</summary>
    public static Option<string?> Token { get; } =
        new("--token")
        {
            Description =
                "API token; the variable SLIPWAY_TOKEN says it too, and is not seen by other users of the machine.",
            HelpName = "TOKEN",
            DefaultValueFactory = _ =>
                Environment.GetEnvironmentVariable("SLIPWAY_TOKEN") is { Length: > 0 } token ? token : null,
        };

    /// <summary>On commands that ask a server.</summary>
    public static Option<string?> Workspace { get; } =
        new("--workspace")
        {
            Description = "Workspace to work in, besides the token's own or the default one.",
            HelpName = "NAME",
        };

    /// <summary>On commands that ask before they do what cannot be undone.</summary>
    public static Option<bool> Yes { get; } = new("--yes") { Description = "Do not ask." };

    /// <summary>Gives a command the options of those that ask a server.</summary>
    public static Command AsksServer(this Command command)
    {
        command.Add(Server);
        command.Add(Token);
        command.Add(Workspace);
        return command;
    }

    /// <summary>The server that the command was told to ask.</summary>
    public static SlipwayClient ClientOf(ParseResult parsed) =>
        new(
            parsed.GetRequiredValue(Server),
            new SlipwayClientOptions
            {
                Token = parsed.GetValue(Token),
                Workspace = parsed.GetValue(Workspace),
                // Somebody waits at the terminal; whether the server runs is told at once.
                Retries = 1,
            }
        );

    /// <summary>Asks before what cannot be undone; refuses where nobody can be asked.</summary>
    public static void Confirm(ParseResult parsed, string what)
    {
        if (parsed.GetValue(Yes))
            return;
        if (System.Console.IsInputRedirected)
            throw Fault.Invalid(
                "command.unconfirmed",
                $"{what} This cannot be undone, and nobody can be asked.",
                "--yes",
                "Add --yes if that is meant."
            );
        System.Console.Error.Write($"{what} This cannot be undone. Type 'yes' to go on: ");
        if (System.Console.ReadLine()?.Trim() != "yes")
            throw Fault.Invalid("command.unconfirmed", "Nothing was changed.");
    }

    /// <summary>Makes a command's work: its terminal is at hand, and its faults are shown by the caller of all commands.</summary>
    public static Command Runs(this Command command, Func<ParseResult, Terminal, CancellationToken, Task<int>> work)
    {
        command.SetAction((parsed, cancellation) => work(parsed, Terminal.For(parsed), cancellation));
        return command;
    }
}
