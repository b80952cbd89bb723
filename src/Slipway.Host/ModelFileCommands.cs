using System.CommandLine;
using Slipway.Foundation.Console;
using Slipway.Governance;
using Slipway.Governance.Actions;
using Slipway.Sdk;

namespace Slipway.Host;

/// <summary>`slipway models …` for what lies in a folder of this machine: no server is asked.</summary>
internal static class ModelFileCommands
{
    private const int Refused = 1;

    private static readonly Argument<string> Model = new("PATH")
    {
        Description = "A model: a folder, or a single file.",
    };

    private static readonly Option<string?> Signature = new("--signature")
    {
        Description = "Where the signature is kept; model.sig in the folder unless it is said.",
        HelpName = "FILE",
    };

    private static readonly Option<string> PrivateKey = new("--key")
    {
        Description = "The private key, PEM, on P-256, P-384 or P-521; SLIPWAY_KEY_PASSWORD unlocks it.",
        HelpName = "FILE",
        Required = true,
    };

    private static readonly Option<string[]> Certificates = new("--certificate")
    {
        Description = "The signer's certificate, PEM, and then those between it and the authority.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> PublicKeys = new("--key")
    {
        Description = "The public key of a signer who is trusted, PEM; may be given several times.",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Authorities = new("--authority")
    {
        Description = "The certificate of an authority that is trusted, PEM; may be given several times.",
        HelpName = "FILE",
    };

    /// <summary>Verbs of the noun that the registry brings.</summary>
    public static IEnumerable<Command> Create() =>
        [
            new Command("scan", "Say whether loading a model could run code that somebody put into its files.")
            {
                Model,
            }.Runs(ScanAsync),
            new Command("sign", "Sign the files of a model (OpenSSF Model Signing); the key stays where it is.")
            {
                Model,
                PrivateKey,
                Certificates,
                Signature,
            }.Runs(SignAsync),
            new Command("verify", "Refuse a model whose files are not those that somebody who is trusted signed.")
            {
                Model,
                PublicKeys,
                Authorities,
                Signature,
            }.Runs(VerifyAsync),
        ];

    private static async Task<int> ScanAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var report = await ModelScan.FolderAsync(parsed.GetRequiredValue(Model), cancellation: cancellation);
        terminal.Show(
            new
            {
                report.Verdict,
                report.Findings,
                report.Files,
            },
            _ =>
            {
                if (report.Findings.Count > 0)
                    terminal.Table(
                        ["verdict", "file", "rule", "what"],
                        report.Findings.Select(f =>
                            (string[])
                                [f.Verdict == ScanVerdict.Safe ? "note" : Word(f.Verdict), f.Path, f.Rule, f.Message]
                        )
                    );
                terminal.Line($"{report.Files.Count} files: {Word(report.Verdict)}.");
            }
        );
        return report.Verdict == ScanVerdict.Safe ? ExitCodes.Done : Refused;
    }

    private static async Task<int> SignAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var model = parsed.GetRequiredValue(Model);
        var signature = parsed.GetValue(Signature) ?? FolderSigning.DefaultSignature(model);
        var signer = new SignerKey(
            Read("--key", parsed.GetRequiredValue(PrivateKey)),
            Environment.GetEnvironmentVariable("SLIPWAY_KEY_PASSWORD")
        )
        {
            CertificatePems = [.. (parsed.GetValue(Certificates) ?? []).Select(file => Read("--certificate", file))],
        };
        var files = await FolderSigning.SignAsync(model, signature, signer, cancellation);
        terminal.Show(
            new { Signature = signature, Files = files },
            shown => terminal.Line($"{shown.Files} files are signed in {shown.Signature}.")
        );
        return ExitCodes.Done;
    }

    private static async Task<int> VerifyAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var model = parsed.GetRequiredValue(Model);
        var trusted = new TrustRoots(
            [.. (parsed.GetValue(PublicKeys) ?? []).Select(file => Read("--key", file))],
            [.. (parsed.GetValue(Authorities) ?? []).Select(file => Read("--authority", file))]
        );
        if (trusted.IsEmpty)
            throw Fault.Invalid(
                "signature.no_trust",
                "Nobody is trusted, so no signature can hold.",
                hint: "Say whose signature counts: --key FILE or --authority FILE."
            );
        var verified = await FolderSigning.VerifyAsync(
            model,
            parsed.GetValue(Signature) ?? FolderSigning.DefaultSignature(model),
            trusted,
            cancellation
        );
        terminal.Show(
            verified,
            shown => terminal.Line($"{shown.Files} files are as {shown.Signer} signed them ({shown.Method}).")
        );
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
            throw Fault.Invalid("command.file", $"'{file}' cannot be read: {e.Message}", option);
        }
    }

    private static string Word(ScanVerdict verdict) =>
        verdict switch
        {
            ScanVerdict.Safe => "safe",
            ScanVerdict.Unscannable => "unscannable",
            _ => "unsafe",
        };
}
