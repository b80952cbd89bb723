using System.CommandLine;
using System.Runtime.InteropServices;
using Slipway.Foundation.Console;
using Slipway.Host.Demo;
using Slipway.Sdk;

namespace Slipway.Host;

/// <summary>The verbs of the program: the host's own and those that rooms bring; and the one place where a fault ends a command.</summary>
internal static class CommandLine
{
    private const string Name = "slipway";

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        var terminal = new Terminal(Console.Out, Console.Error, args.Contains("--json", StringComparer.Ordinal));
        try
        {
            if (parsed.Errors.Count > 0 && parsed.Action is System.CommandLine.Invocation.ParseErrorAction)
                return terminal.Fail(
                    Fault.Invalid(
                        "command.invalid",
                        parsed.Errors[0].Message,
                        hint: $"See: {NameOf(parsed.CommandResult.Command)} --help"
                    )
                );
            return await InvokeAsync(parsed);
        }
        catch (Fault fault)
        {
            return terminal.Fail(fault);
        }
        catch (DllNotFoundException e)
        {
            return terminal.Fail(new Fault(FaultKind.Unavailable, "setup.native_library", e.Message));
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
        catch (Exception e)
        {
            await Console.Error.WriteLineAsync(e.ToString());
            return terminal.Fail(
                Fault.Internal("program.defect", "This is a defect of Slipway; please report what stands above.")
            );
        }
    }

    internal static RootCommand Root()
    {
        var root = new RootCommand("Slipway: the whole MLOps loop in one program.")
        {
            ConsoleOptions.Json,
            UpCommand.Create(),
            DemoCommand.Create(),
            DoctorCommand.Create(),
            AuditCommands.Create(),
            BackupCommands.CreateBackup(),
            BackupCommands.CreateRestore(),
            ImportCommands.Create(),
        };
        root.HelpName = Name;
        root.SetAction(_ => root.Parse(["--help"]).Invoke());
        foreach (var command in Rooms.All.SelectMany(room => room.Commands?.Invoke() ?? []))
            Add(root, command);
        foreach (var verb in ModelFileCommands.Create())
            root.Subcommands.First(noun => noun.Name == "models").Add(verb);
        return root;
    }

    /// <summary>Several rooms may bring verbs for one noun; they become one command.</summary>
    private static void Add(RootCommand root, Command command)
    {
        if (root.Subcommands.FirstOrDefault(known => known.Name == command.Name) is not { } noun)
        {
            root.Add(command);
            return;
        }
        foreach (var verb in command.Subcommands.ToList())
        {
            // A command of two parents would look for the options of the program along the one that leads nowhere.
            command.Subcommands.Remove(verb);
            noun.Add(verb);
        }
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        using var interrupted = new CancellationTokenSource();
        using var _ = PosixSignalRegistration.Create(
            PosixSignal.SIGINT,
            signal =>
            {
                // A second Ctrl+C ends the process at once.
                signal.Cancel = !interrupted.IsCancellationRequested;
                interrupted.Cancel();
            }
        );
        var configuration = new InvocationConfiguration
        {
            EnableDefaultExceptionHandler = false,
            // Ending takes as long as the command needs; the server has its own rule.
            ProcessTerminationTimeout = null,
        };
        return await parsed.InvokeAsync(configuration, interrupted.Token);
    }

    private static string NameOf(Command command) =>
        command is RootCommand ? Name : $"{NameOf(command.Parents.OfType<Command>().Last())} {command.Name}";
}
