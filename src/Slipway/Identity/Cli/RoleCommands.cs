using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Cli;

/// <summary>`slipway roles …`: grants that several people have together.</summary>
internal static class RoleCommands
{
    private static readonly Argument<string> Name = new("name") { Description = "The role's name.", HelpName = "NAME" };

    private static readonly Argument<string> User = new("user") { Description = "The user's name.", HelpName = "USER" };

    private static readonly Option<string?> Description = new("--description")
    {
        Description = "What it is for.",
        HelpName = "TEXT",
    };

    private static readonly Option<string?> NewName = new("--name")
    {
        Description = "Its new name.",
        HelpName = "NAME",
    };

    public static Command Create() =>
        new("roles", "What several people may do together.")
        {
            new Command("list", "Show the roles of the workspace.").AsksServer().Runs(ListAsync),
            new Command("create", "Make a role.") { Name, Description }
                .AsksServer()
                .Runs(CreateAsync),
            new Command("show", "Show what a role may do, and who has it.") { Name }
                .AsksServer()
                .Runs(ShowAsync),
            new Command("change", "Change the name or the description of a role.") { Name, NewName, Description }
                .AsksServer()
                .Runs(ChangeAsync),
            new Command("remove", "Remove a role with what it gave.") { Name, ConsoleOptions.Yes }
                .AsksServer()
                .Runs(RemoveAsync),
            new Command("grant", "Give a role a level, in place of the one it had there.")
            {
                Name,
                GrantCommands.LevelArgument,
                GrantCommands.Experiment,
                GrantCommands.Model,
            }
                .AsksServer()
                .Runs(GrantAsync),
            new Command("revoke", "Take back what a role was given there.")
            {
                Name,
                GrantCommands.Experiment,
                GrantCommands.Model,
            }
                .AsksServer()
                .Runs(RevokeAsync),
            new Command("assign", "Give a user the role.") { Name, User }
                .AsksServer()
                .Runs(AssignAsync),
            new Command("unassign", "Take the role from a user.") { Name, User }
                .AsksServer()
                .Runs(UnassignAsync),
        };

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var roles = await client.Roles.ListAsync(cancellation);
        terminal.Show(
            roles,
            _ =>
                terminal.Table(
                    ["name", "description", "may"],
                    roles.Select(role =>
                        (IReadOnlyList<string>)
                            [role.Name, role.Description ?? "", string.Join(", ", role.Grants.Select(Text))]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> CreateAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var role = await client.Roles.CreateAsync(
            new RoleCreate { Name = parsed.GetRequiredValue(Name), Description = parsed.GetValue(Description) },
            cancellation
        );
        terminal.Show(role, _ => terminal.Line($"Made the role {role.Name}."));
        return ExitCodes.Done;
    }

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var role = await FindAsync(client, parsed, cancellation);
        var members = (await client.Roles.MembersAsync(role.Id, cancellation)).Select(member => member.User).ToList();
        terminal.Show(
            new { Role = role, Members = members },
            _ =>
            {
                terminal.Line($"{role.Name} of the workspace {role.Workspace} {role.Description}".TrimEnd());
                terminal.Table(
                    ["on", "level"],
                    role.Grants.Select(grant =>
                        (IReadOnlyList<string>)[GrantCommands.Thing(grant), GrantCommands.NameOf(grant.Level)]
                    )
                );
                terminal.Line(members.Count == 0 ? "Nobody has it." : $"Had by {string.Join(", ", members)}.");
            }
        );
        return ExitCodes.Done;
    }

    private static async Task<int> ChangeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var role = await FindAsync(client, parsed, cancellation);
        var change = new RoleChange { Name = parsed.GetValue(NewName), Description = parsed.GetValue(Description) };
        var changed = await client.Roles.ChangeAsync(role.Id, change, cancellation);
        terminal.Show(changed, _ => terminal.Line($"Changed the role {changed.Name}."));
        return ExitCodes.Done;
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var name = parsed.GetRequiredValue(Name);
        ConsoleOptions.Confirm(parsed, $"The role {name} will be removed.");
        await using var client = ConsoleOptions.ClientOf(parsed);
        await client.Roles.RemoveAsync((await FindAsync(client, parsed, cancellation)).Id, cancellation);
        terminal.Show(new { Name = name }, _ => terminal.Line($"Removed the role {name}."));
        return ExitCodes.Done;
    }

    private static async Task<int> GrantAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var role = await FindAsync(client, parsed, cancellation);
        var (kind, on) = GrantCommands.ReadThing(parsed);
        var word = parsed.GetRequiredValue(GrantCommands.LevelArgument);
        var level = GrantCommands.ReadLevel(word);
        var grant = GrantOn(role, kind, on) is { } known
            ? await client.Roles.ChangeGrantAsync(known.Id, level, cancellation)
            : await client.Roles.GiveAsync(
                role.Id,
                new RoleGrantCreate
                {
                    Kind = kind,
                    On = on,
                    Level = level,
                },
                cancellation
            );
        terminal.Show(grant, _ => terminal.Line($"{role.Name} has {word} on {GrantCommands.Thing(grant)}."));
        return ExitCodes.Done;
    }

    private static async Task<int> RevokeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var role = await FindAsync(client, parsed, cancellation);
        var (kind, on) = GrantCommands.ReadThing(parsed);
        var grant =
            GrantOn(role, kind, on) ?? throw Fault.NotFound("role.no_grant", $"{role.Name} was given nothing there.");
        await client.Roles.TakeAsync(grant.Id, cancellation);
        terminal.Show(new { role.Name }, _ => terminal.Line($"Taken from {role.Name}."));
        return ExitCodes.Done;
    }

    private static async Task<int> AssignAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (name, user) = (parsed.GetRequiredValue(Name), parsed.GetRequiredValue(User));
        await using var client = ConsoleOptions.ClientOf(parsed);
        await client.Roles.AssignAsync((await FindAsync(client, parsed, cancellation)).Id, user, cancellation);
        terminal.Show(new { Name = name, User = user }, _ => terminal.Line($"{user} has the role {name}."));
        return ExitCodes.Done;
    }

    private static async Task<int> UnassignAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var (name, user) = (parsed.GetRequiredValue(Name), parsed.GetRequiredValue(User));
        await using var client = ConsoleOptions.ClientOf(parsed);
        await client.Roles.UnassignAsync((await FindAsync(client, parsed, cancellation)).Id, user, cancellation);
        terminal.Show(new { Name = name, User = user }, _ => terminal.Line($"{user} no longer has the role {name}."));
        return ExitCodes.Done;
    }

    private static async Task<RoleResource> FindAsync(
        SlipwayClient client,
        ParseResult parsed,
        CancellationToken cancellation
    )
    {
        var name = parsed.GetRequiredValue(Name);
        return (await client.Roles.ListAsync(cancellation)).FirstOrDefault(role => role.Name == name)
            ?? throw Fault.NotFound("role.unknown_name", $"The workspace has no role '{name}'.");
    }

    private static GrantResource? GrantOn(RoleResource role, GrantKind kind, string? on) =>
        role.Grants.FirstOrDefault(grant =>
            grant.Kind == kind && (kind == GrantKind.Workspace ? grant.Workspace == role.Workspace : grant.On == on)
        );

    private static string Text(GrantResource grant) =>
        $"{GrantCommands.NameOf(grant.Level)} on {GrantCommands.Thing(grant)}";
}
