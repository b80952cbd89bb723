using System.CommandLine;
using System.Globalization;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Identity;

namespace Slipway.Identity.Cli;

/// <summary>`slipway tokens …`: what programs sign in with.</summary>
internal static class TokenCommands
{
    private static readonly Argument<string> Name = new("name")
    {
        Description = "What the token is for.",
        HelpName = "NAME",
    };

    private static readonly Argument<string> Id = new("id") { Description = "The token's id.", HelpName = "ID" };

    private static readonly Option<string?> User = new("--user")
    {
        Description = "Whom it signs in; whoever makes it where nobody is named.",
        HelpName = "NAME",
    };

    private static readonly Option<string?> Expires = new("--expires")
    {
        Description = "How long it lives, such as 12h, 30d or 52w; without end where nothing is said.",
        HelpName = "TIME",
    };

    public static Command Create() =>
        new("tokens", "What programs sign in with.")
        {
            new Command("create", "Make a token and print it. Nobody can ask for it again.") { Name, User, Expires }
                .AsksServer()
                .Runs(CreateAsync),
            new Command("list", "Show tokens, without what signs in.") { User }
                .AsksServer()
                .Runs(ListAsync),
            new Command("revoke", "End a token, everywhere within a second.") { Id }
                .AsksServer()
                .Runs(RevokeAsync),
        };

    private static async Task<int> CreateAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var made = await client.Tokens.CreateAsync(
            new TokenCreate
            {
                Name = parsed.GetRequiredValue(Name),
                User = parsed.GetValue(User),
                ExpiresInS = parsed.GetValue(Expires) is { } text ? ReadSeconds(text) : null,
            },
            cancellation
        );
        terminal.Show(made, _ => terminal.Line(made.Secret));
        terminal.Note($"Token {made.Token.Id} of {made.Token.User}. It is shown this once.");
        return ExitCodes.Done;
    }

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var tokens = await client.Tokens.ListAsync(parsed.GetValue(User), cancellation);
        terminal.Show(
            tokens,
            _ =>
                terminal.Table(
                    ["id", "name", "user", "workspace", "starts with", "made", "ends"],
                    tokens.Select(token =>
                        (IReadOnlyList<string>)
                            [
                                token.Id,
                                token.Name,
                                token.User,
                                token.Workspace,
                                token.Hint,
                                UserCommands.Day(token.CreatedMs),
                                token.ExpiresMs is { } end ? UserCommands.Day(end) : "",
                            ]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> RevokeAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var id = parsed.GetRequiredValue(Id);
        await client.Tokens.RevokeAsync(id, cancellation);
        terminal.Show(new { Id = id }, _ => terminal.Line($"Revoked {id}."));
        return ExitCodes.Done;
    }

    private static long ReadSeconds(string text)
    {
        var unit = text.Length == 0 ? ' ' : text[^1];
        var seconds = unit switch
        {
            's' => 1,
            'm' => 60,
            'h' => 3600,
            'd' => 86_400,
            'w' => 7 * 86_400,
            _ => 0,
        };
        if (
            seconds == 0
            || !int.TryParse(
                text.AsSpan(0, text.Length - 1),
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var count
            )
        )
            throw Fault.Invalid(
                "token.expires",
                $"'{text}' is not a length of time.",
                "--expires",
                "Write it as 90m, 12h, 30d or 52w."
            );
        return (long)count * seconds;
    }
}
