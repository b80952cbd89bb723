using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Cli;

/// <summary>`slipway users grant|revoke|grants`: what a user may do, in the workspace, on one thing, or everywhere.</summary>
internal static class GrantCommands
{
    public static readonly string[] Levels = ["viewer", "user", "editor", "admin"];

    public static readonly Argument<string> LevelArgument = new Argument<string>("level")
    {
        Description =
            "viewer looks, user also uses it and makes things of their own, editor changes, admin manages; none hides it.",
        HelpName = "LEVEL",
    }.AcceptOnlyFromAmong([.. Levels, "none"]);

    public static readonly Option<string?> Experiment = new("--experiment")
    {
        Description = "On this experiment in place of the workspace.",
        HelpName = "ID",
    };

    public static readonly Option<string?> Model = new("--model")
    {
        Description = "On this registered model in place of the workspace.",
        HelpName = "NAME",
    };

    private static readonly Option<bool> Everywhere = new("--everywhere")
    {
        Description = "On the whole server: the level is admin.",
    };

    public static Command Grant(Argument<string> name) =>
        new Command("grant", "Give a user a level, in place of the one they had there.")
        {
            name,
            LevelArgument,
            Experiment,
            Model,
            Everywhere,
        }
            .AsksServer()
            .Runs(
                async (parsed, terminal, cancellation) =>
                {
                    var (user, level) = (parsed.GetRequiredValue(name), parsed.GetRequiredValue(LevelArgument));
                    await using var client = ConsoleOptions.ClientOf(parsed);
                    if (parsed.GetValue(Everywhere))
                    {
                        if (level != "admin")
                            throw Fault.Invalid(
                                "grant.everywhere",
                                "On the whole server there is no level but admin.",
                                "LEVEL"
                            );
                        await client.Users.ChangeAsync(user, new UserChange { IsAdmin = true }, cancellation);
                        terminal.Show(
                            new { User = user, IsAdmin = true },
                            _ => terminal.Line($"{user} manages the server.")
                        );
                        return ExitCodes.Done;
                    }
                    var (kind, on) = ReadThing(parsed);
                    var grant = await client.Grants.PutAsync(
                        new GrantPut
                        {
                            User = user,
                            Kind = kind,
                            On = on,
                            Level = ReadLevel(level),
                        },
                        cancellation
                    );
                    terminal.Show(grant, _ => terminal.Line($"{user} has {level} on {Thing(grant)}."));
                    return ExitCodes.Done;
                }
            );

    public static Command Revoke(Argument<string> name) =>
        new Command("revoke", "Take back what a user was given there.")
        {
            name,
            Experiment,
            Model,
            Everywhere,
            ConsoleOptions.Yes,
        }
            .AsksServer()
            .Runs(
                async (parsed, terminal, cancellation) =>
                {
                    var user = parsed.GetRequiredValue(name);
                    await using var client = ConsoleOptions.ClientOf(parsed);
                    var (kind, on) = ReadThing(parsed);
                    if (parsed.GetValue(Everywhere))
                        await client.Users.ChangeAsync(user, new UserChange { IsAdmin = false }, cancellation);
                    else
                        await client.Grants.TakeAsync(user, kind, on, cancellation);
                    terminal.Show(new { User = user }, _ => terminal.Line($"Taken from {user}."));
                    return ExitCodes.Done;
                }
            );

    public static Command List(Argument<string> name) =>
        new Command("grants", "Show all that a user was given.") { name }
            .AsksServer()
            .Runs(
                async (parsed, terminal, cancellation) =>
                {
                    await using var client = ConsoleOptions.ClientOf(parsed);
                    var grants = await client.Grants.OfUserAsync(parsed.GetRequiredValue(name), cancellation);
                    terminal.Show(
                        grants,
                        _ =>
                            terminal.Table(
                                ["on", "workspace", "level", "since"],
                                grants.Select(grant =>
                                    (IReadOnlyList<string>)
                                        [
                                            Thing(grant),
                                            grant.Workspace,
                                            NameOf(grant.Level),
                                            UserCommands.Day(grant.GivenMs),
                                        ]
                                )
                            )
                    );
                    return ExitCodes.Done;
                }
            );

    public static AccessLevel ReadLevel(string level) =>
        level switch
        {
            "none" => AccessLevel.None,
            "viewer" => AccessLevel.Read,
            "editor" => AccessLevel.Edit,
            "admin" => AccessLevel.Manage,
            _ => AccessLevel.Use,
        };

    public static string NameOf(AccessLevel level) =>
        level switch
        {
            AccessLevel.None => "none",
            AccessLevel.Read => "viewer",
            AccessLevel.Use => "user",
            AccessLevel.Edit => "editor",
            _ => "admin",
        };

    public static string Thing(GrantResource grant) =>
        grant.Kind switch
        {
            GrantKind.Server => "the server",
            GrantKind.Workspace => $"workspace {grant.Workspace}",
            GrantKind.Experiment => grant.On is null ? "all experiments" : $"experiment {grant.On}",
            _ => grant.On is null ? "all registered models" : $"registered model {grant.On}",
        };

    public static (GrantKind Kind, string? On) ReadThing(ParseResult parsed)
    {
        var (experiment, model) = (parsed.GetValue(Experiment), parsed.GetValue(Model));
        if (new[] { experiment is not null, model is not null, parsed.GetValue(Everywhere) }.Count(given => given) > 1)
            throw Fault.Invalid("grant.two_things", "--experiment, --model and --everywhere exclude each other.");
        return experiment is not null ? (GrantKind.Experiment, experiment)
            : model is not null ? (GrantKind.RegisteredModel, model)
            : (GrantKind.Workspace, null);
    }
}
