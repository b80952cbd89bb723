using System.CommandLine;
using System.Globalization;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Registry;
using Wire = Slipway.Sdk.Registry;

namespace Slipway.Registry.Cli;

/// <summary>`slipway webhooks …`: who outside is told what happens to models.</summary>
internal static class WebhookCommands
{
    private static readonly Argument<string> Name = new("name")
    {
        Description = "What it is called.",
        HelpName = "NAME",
    };

    private static readonly Argument<string> Url = new("url") { Description = "What is called.", HelpName = "URL" };

    private static readonly Argument<string> Id = new("id") { Description = "The webhook's id.", HelpName = "ID" };

    private static readonly Argument<long> Position = new("position")
    {
        Description = "The delivery's position, as `webhooks deliveries` shows it.",
        HelpName = "POSITION",
    };

    private static readonly Option<string[]> Event = new("--event")
    {
        Description = "What it is told of, such as MODEL_VERSION.CREATED; may be given several times.",
        HelpName = "EVENT",
        Required = true,
    };

    private static readonly Option<string?> SecretFile = new("--secret-file")
    {
        Description = "A file with the secret that signs what is told; its last line end does not count.",
        HelpName = "FILE",
    };

    public static Command Create() =>
        new("webhooks", "Who outside is told what happens to models.")
        {
            new Command("create", "Make a webhook and print its id.") { Name, Url, Event, SecretFile }
                .AsksServer()
                .Runs(CreateAsync),
            new Command("list", "Show webhooks.").AsksServer().Runs(ListAsync),
            new Command("test", "Send an example once, and show what came back.") { Id }
                .AsksServer()
                .Runs(TestAsync),
            new Command("deliveries", "Show what a webhook was told and is to be told.") { Id }
                .AsksServer()
                .Runs(DeliveriesAsync),
            new Command("redeliver", "Try a delivery again that was given up.") { Id, Position }
                .AsksServer()
                .Runs(RedeliverAsync),
            new Command("enable", "Switch a webhook on.") { Id }
                .AsksServer()
                .Runs((parsed, terminal, cancellation) => SwitchAsync(parsed, terminal, active: true, cancellation)),
            new Command("disable", "Switch a webhook off; what waits goes on waiting.") { Id }
                .AsksServer()
                .Runs((parsed, terminal, cancellation) => SwitchAsync(parsed, terminal, active: false, cancellation)),
            new Command("delete", "Remove a webhook, and what it has not been told yet.") { Id }
                .AsksServer()
                .Runs(DeleteAsync),
        };

    private static async Task<int> CreateAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var secret = parsed.GetValue(SecretFile) is { } file ? await File.ReadAllTextAsync(file, cancellation) : null;
        var made = await client.Webhooks.CreateAsync(
            new WebhookCreate
            {
                Name = parsed.GetRequiredValue(Name),
                Url = parsed.GetRequiredValue(Url),
                Events = parsed.GetRequiredValue(Event),
                Secret = secret?.TrimEnd('\r', '\n'),
            },
            cancellation
        );
        terminal.Show(made, _ => terminal.Line(made.Id));
        return ExitCodes.Done;
    }

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var found = await client.Webhooks.ListAsync(cancellation);
        terminal.Show(
            found,
            _ =>
                terminal.Table(
                    ["id", "name", "url", "events", "state"],
                    found.Select(webhook =>
                        (IReadOnlyList<string>)
                            [webhook.Id, webhook.Name, webhook.Url, string.Join(' ', webhook.Events), StateOf(webhook)]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> TestAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var trial = await client.Webhooks.TestAsync(parsed.GetRequiredValue(Id), cancellation);
        if (!trial.Success)
            throw new Fault(
                FaultKind.Unavailable,
                "webhook.trial",
                trial.Failure ?? $"The receiver answered {trial.Status}: {trial.Body}"
            );
        terminal.Show(trial, _ => terminal.Line($"The receiver answered {trial.Status}: {trial.Body}"));
        return ExitCodes.Done;
    }

    private static async Task<int> DeliveriesAsync(
        ParseResult parsed,
        Terminal terminal,
        CancellationToken cancellation
    )
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var found = await client.Webhooks.DeliveriesAsync(parsed.GetRequiredValue(Id), before: null, cancellation);
        terminal.Show(
            found,
            _ =>
                terminal.Table(
                    ["position", "event", "model", "state", "attempts", "why not"],
                    found.Select(delivery =>
                        (IReadOnlyList<string>)
                            [
                                delivery.Position.ToString(CultureInfo.InvariantCulture),
                                delivery.Event,
                                delivery.Model,
                                delivery.State,
                                delivery.Attempts.ToString(CultureInfo.InvariantCulture),
                                delivery.Failure ?? "",
                            ]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> RedeliverAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var position = parsed.GetRequiredValue(Position);
        await client.Webhooks.RedeliverAsync(parsed.GetRequiredValue(Id), position, cancellation);
        terminal.Show(new { Position = position }, _ => terminal.Line($"Delivery {position} is tried again."));
        return ExitCodes.Done;
    }

    private static async Task<int> SwitchAsync(
        ParseResult parsed,
        Terminal terminal,
        bool active,
        CancellationToken cancellation
    )
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var change = new Wire.WebhookChange { Active = active };
        var changed = await client.Webhooks.ChangeAsync(parsed.GetRequiredValue(Id), change, cancellation);
        terminal.Show(changed, _ => terminal.Line($"{changed.Name} is {StateOf(changed)}."));
        return ExitCodes.Done;
    }

    private static async Task<int> DeleteAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var id = parsed.GetRequiredValue(Id);
        await client.Webhooks.DeleteAsync(id, cancellation);
        terminal.Show(new { Id = id }, _ => terminal.Line($"Deleted {id}."));
        return ExitCodes.Done;
    }

    private static string StateOf(WebhookResource webhook) =>
        !webhook.Active ? "off"
        : webhook.Failures > 0 ? $"failing ({webhook.Failures} in a row)"
        : "on";
}
