using System.CommandLine;
using System.CommandLine.Help;
using System.Globalization;
using System.Text;
using Slipway.Host;

namespace Slipway.Architecture.Tests.Rules;

/// <summary>Writes the page of the command line from what the program itself answers to --help.</summary>
internal static class HelpTexts
{
    public static string Page()
    {
        var root = CommandLine.Root();
        // Otherwise the lines would break where the terminal of whoever runs this ends.
        ((HelpAction)root.Options.OfType<HelpOption>().Single().Action!).MaxWidth = 120;
        var page = new StringBuilder(
            """
            # The command line

            What `slipway --help` says for each command. This page is generated:
            `SLIPWAY_REGENERATE=1 ./test Help_texts` writes it anew.

            """
        );
        Add(page, root, root, []);
        return page.ToString();
    }

    private static void Add(StringBuilder page, RootCommand root, Command command, IReadOnlyList<string> path)
    {
        using var help = new StringWriter(CultureInfo.InvariantCulture) { NewLine = "\n" };
        root.Parse([.. path, "--help"]).Invoke(new InvocationConfiguration { Output = help });
        var lines = help.ToString().Split('\n').Select(line => line.TrimEnd());
        page.Append(
            CultureInfo.InvariantCulture,
            $"\n## {string.Join(' ', path.Prepend("slipway"))}\n\n```\n{string.Join('\n', lines).Trim()}\n```\n"
        );
        foreach (var inner in command.Subcommands.Where(c => !c.Hidden).OrderBy(c => c.Name, StringComparer.Ordinal))
            Add(page, root, inner, [.. path, inner.Name]);
    }
}
