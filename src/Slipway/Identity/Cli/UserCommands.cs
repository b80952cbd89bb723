using System.CommandLine;
using System.Globalization;
using Slipway.Foundation.Console;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Cli;

/// <summary>
/// `slipway users …`: asks a running server. The first administrator of a server that asks for a login cannot be added so;
/// `users add --data DIR` works on the folder of a server that does not run, by what the host hands in.
/// </summary>
internal static class UserCommands
{
    private static readonly Argument<string> Name = new("name") { Description = "The user's name.", HelpName = "NAME" };

    private static readonly Option<bool> Admin = new("--admin")
    {
        Description = "May do everything, in every workspace.",
    };

    private static readonly Option<string> LevelOption = new Option<string>("--level")
    {
        Description =
            "In the workspace: viewer looks, user also makes things of their own, editor changes, admin manages.",
        DefaultValueFactory = _ => "user",
    }.AcceptOnlyFromAmong(GrantCommands.Levels);

    public static Command Create(Func<ParseResult, UserCreate, CancellationToken, Task> addToFolder) =>
        new("users", "Who may sign in.")
        {
            new Command("add", "Add a user; the password is asked for, or the first line of the input.")
            {
                Name,
                Admin,
                LevelOption,
                ConsoleOptions.Data,
                ConsoleOptions.Store,
            }
                .AsksServer()
                .Runs((parsed, terminal, cancellation) => AddAsync(parsed, terminal, addToFolder, cancellation)),
            new Command("list", "Show all users.").AsksServer().Runs(ListAsync),
            new Command("password", "Change a user's password, which is asked for, or the first line of the input.")
            {
                Name,
            }
                .AsksServer()
                .Runs(ChangePasswordAsync),
            new Command("remove", "Remove a user with their tokens and grants; what they made stays.")
            {
                Name,
                ConsoleOptions.Yes,
            }
                .AsksServer()
                .Runs(RemoveAsync),
            GrantCommands.Grant(Name),
            GrantCommands.Revoke(Name),
            GrantCommands.List(Name),
        };

    private static async Task<int> AddAsync(
        ParseResult parsed,
        Terminal terminal,
        Func<ParseResult, UserCreate, CancellationToken, Task> addToFolder,
        CancellationToken cancellation
    )
    {
        var name = parsed.GetRequiredValue(Name);
        var user = new UserCreate
        {
            Name = name,
            Password = SecretPrompt.Read($"Password of {name}"),
            IsAdmin = parsed.GetValue(Admin),
            Level = GrantCommands.ReadLevel(parsed.GetRequiredValue(LevelOption)),
        };
        if (IsGiven(parsed, ConsoleOptions.Data) || IsGiven(parsed, ConsoleOptions.Store))
        {
            await addToFolder(parsed, user, cancellation);
        }
        else
        {
            await using var client = ConsoleOptions.ClientOf(parsed);
            await client.Users.CreateAsync(user, cancellation);
        }
        terminal.Show(
            new
            {
                user.Name,
                user.IsAdmin,
                user.Level,
            },
            _ => terminal.Line($"Added {name}.")
        );
        return ExitCodes.Done;
    }

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var users = await client.Users.ListAsync(cancellation);
        terminal.Show(
            users,
            _ =>
                terminal.Table(
                    ["name", "admin", "since"],
                    users.Select(user =>
                        (IReadOnlyList<string>)[user.Name, user.IsAdmin ? "yes" : "", Day(user.CreatedMs)]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> ChangePasswordAsync(
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        var name = parsed.GetRequiredValue(Name);
        await using var client = ConsoleOptions.ClientOf(parsed);
        var change = new UserChange { Password = SecretPrompt.Read($"New password of {name}") };
        await client.Users.ChangeAsync(name, change, cancellation);
        terminal.Show(new { Name = name }, _ => terminal.Line($"{name} has a new password."));
        return ExitCodes.Done;
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var name = parsed.GetRequiredValue(Name);
        ConsoleOptions.Confirm(parsed, $"The user {name} will be removed.");
        await using var client = ConsoleOptions.ClientOf(parsed);
        await client.Users.RemoveAsync(name, cancellation);
        terminal.Show(new { Name = name }, _ => terminal.Line($"Removed {name}."));
        return ExitCodes.Done;
    }

    public static string Day(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static bool IsGiven(ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };
}
