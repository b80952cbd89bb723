using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Governance;

namespace Slipway.Governance.Cli;

/// <summary>`slipway policy …`: what a workspace demands before a version is promoted.</summary>
internal static class PolicyCommands
{
    private static readonly string[] Demands =
    [
        "approval",
        "four-eyes",
        "evaluation",
        "signature",
        "owner",
        "card",
        "scan",
    ];

    private static readonly Option<string[]> Demand = new("--demand")
    {
        Description =
            $"What is demanded: {string.Join(", ", Demands)}; may be given several times. What is not named is not demanded.",
        HelpName = "WHAT",
    };

    private static readonly Option<string[]> Keys = new("--trust-key")
    {
        Description = "A public key, PEM, whose signatures count; may be given several times.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Authorities = new("--trust-authority")
    {
        Description = "The certificate, PEM, of an authority whose certificates count; may be given several times.",
        HelpName = "FILE",
    };

    public static Command Create() =>
        new("policy", "What the workspace demands before a version is promoted.")
        {
            new Command("show", "Show what is demanded.").AsksServer().Runs(ShowAsync),
            new Command("set", "Set what is demanded; approvals given before have to be given again.")
            {
                Demand,
                Keys,
                Authorities,
            }
                .AsksServer()
                .Runs(SetAsync),
        };

    private static async Task<int> ShowAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        Print(terminal, await client.Governance.PolicyAsync(cancellation));
        return ExitCodes.Done;
    }

    private static async Task<int> SetAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var wanted = parsed.GetValue(Demand) ?? [];
        if (wanted.FirstOrDefault(demand => !Demands.Contains(demand)) is { } unknown)
            throw Fault.Invalid(
                "policy.demand",
                $"'{unknown}' cannot be demanded.",
                "--demand",
                $"Choose from {string.Join(", ", Demands)}."
            );
        var policy = new PolicyResource
        {
            Approval = wanted.Contains("approval"),
            FourEyes = wanted.Contains("four-eyes"),
            Evaluation = wanted.Contains("evaluation"),
            Signature = wanted.Contains("signature"),
            Owner = wanted.Contains("owner"),
            Card = wanted.Contains("card"),
            Scan = wanted.Contains("scan"),
            TrustedKeys = [.. (parsed.GetValue(Keys) ?? []).Select(file => Read("--trust-key", file))],
            TrustedAuthorities =
            [
                .. (parsed.GetValue(Authorities) ?? []).Select(file => Read("--trust-authority", file)),
            ],
        };
        await using var client = ConsoleOptions.ClientOf(parsed);
        Print(terminal, await client.Governance.SetPolicyAsync(policy, cancellation));
        return ExitCodes.Done;
    }

    private static string Read(string option, string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Fault.Invalid("policy.file", $"'{file}' cannot be read: {e.Message}", option);
        }
    }

    private static void Print(Terminal terminal, PolicyResource policy) =>
        terminal.Show(
            policy,
            shown =>
            {
                var demanded = Demands.Where(demand => Is(shown, demand)).ToList();
                terminal.Line(
                    demanded.Count == 0
                        ? $"Policy {shown.Number} demands only what is always demanded: a scan that found nothing, and no rejection."
                        : $"Policy {shown.Number} demands: {string.Join(", ", demanded)}."
                );
                terminal.Line(
                    $"{shown.TrustedKeys.Count} keys and {shown.TrustedAuthorities.Count} authorities are trusted."
                );
            }
        );

    private static bool Is(PolicyResource policy, string demand) =>
        demand switch
        {
            "approval" => policy.Approval,
            "four-eyes" => policy.FourEyes,
            "evaluation" => policy.Evaluation,
            "signature" => policy.Signature,
            "owner" => policy.Owner,
            "card" => policy.Card,
            _ => policy.Scan,
        };
}
