using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk;

namespace Slipway.Host;

/// <summary>The verbs of the program: the host's own and those that rooms bring; and the one place where a fault ends a command.</summary>
internal static class CommandLine
{
    public static async Task<int> RunAsync(string[] args)
    {
        try
        {
            return await Root()
                .Parse(args)
                .InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
        }
        catch (Fault fault)
        {
            await Console.Error.WriteLineAsync($"slipway: {fault.Message}");
            if (fault.Hint is not null)
                await Console.Error.WriteLineAsync($"  {fault.Hint}");
            return ExitCodes.Of(fault);
        }
        catch (OperationCanceledException)
        {
            return ExitCodes.Interrupted;
        }
    }

    private static RootCommand Root()
    {
        var root = new RootCommand("Slipway: the whole MLOps loop in one program.") { UpCommand.Create() };
        foreach (var command in Rooms.All.SelectMany(room => room.Commands?.Invoke() ?? []))
            root.Add(command);
        return root;
    }
}
