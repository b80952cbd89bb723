using System.CommandLine;
using System.Globalization;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Tracking.Cli;

/// <summary>`slipway artifacts …`: the files of a run or logged model, from and to this machine.</summary>
internal static class ArtifactCommands
{
    private static readonly Argument<string> Owner = new("id")
    {
        Description = "The id of a run, or of a logged model (m-…).",
        HelpName = "ID",
    };

    private static readonly Argument<string> ArtifactPath = new("path")
    {
        Description = "The path of a file or folder under the run or model.",
        HelpName = "PATH",
    };

    private static readonly Argument<string?> Folder = new("path")
    {
        Description = "The path of a folder; all the way up where none is named.",
        HelpName = "PATH",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Argument<string> Local = new("local")
    {
        Description = "A file or folder of this machine.",
        HelpName = "LOCAL",
    };

    private static readonly Option<bool> Everything = new("--recursive")
    {
        Description = "Every file beneath, and not only what lies directly there.",
    };

    private static readonly Option<string?> To = new("--to")
    {
        Description = "The file or folder to write; by default that of the same name, here.",
        HelpName = "LOCAL",
    };

    private static readonly Option<string?> As = new("--as")
    {
        Description = "The path to store it under; by default its own name.",
        HelpName = "PATH",
    };

    public static Command Create() =>
        new("artifacts", "The files of a run or logged model.")
        {
            new Command("list", "Show files and folders.") { Owner, Folder, Everything }
                .AsksServer()
                .Runs(ListAsync),
            new Command(
                "get",
                "Fetch a file, or a folder with all that it holds; what arrives is compared by its digest."
            )
            {
                Owner,
                ArtifactPath,
                To,
            }
                .AsksServer()
                .Runs(GetAsync),
            new Command("put", "Store a file, or a folder with all that it holds, in place of what is there.")
            {
                Owner,
                Local,
                As,
            }
                .AsksServer()
                .Runs(PutAsync),
            new Command("rm", "Remove a file, or a folder with all that it holds.")
            {
                Owner,
                ArtifactPath,
                ConsoleOptions.Yes,
            }
                .AsksServer()
                .Runs(RemoveAsync),
        };

    private static async Task<int> ListAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var artifacts = Of(client, parsed);
        var folder = parsed.GetValue(Folder);
        var items = new List<ArtifactResource>();
        if (parsed.GetValue(Everything))
            await foreach (var item in artifacts.WalkAsync(folder, cancellation))
                items.Add(item);
        else
            items.AddRange((await artifacts.ListAsync(folder, cancellation)).Items);
        terminal.Show(
            items,
            _ =>
                terminal.Table(
                    ["path", "size"],
                    items.Select(item =>
                        (IReadOnlyList<string>)
                            [item.IsFolder ? $"{item.Path}/" : item.Path, item.SizeBytes is { } size ? Size(size) : ""]
                    )
                )
        );
        return ExitCodes.Done;
    }

    private static async Task<int> GetAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var artifacts = Of(client, parsed);
        var path = parsed.GetRequiredValue(ArtifactPath).TrimEnd('/');
        var to = parsed.GetValue(To) ?? path[(path.LastIndexOf('/') + 1)..];
        var parent = path.Contains('/') ? path[..path.LastIndexOf('/')] : null;
        var found =
            (await artifacts.ListAsync(parent, cancellation)).Items.FirstOrDefault(item => item.Path == path)
            ?? throw Fault.NotFound("artifact.not_found", $"There is no artifact '{path}'.");
        var file = Directory.Exists(to) && !found.IsFolder ? Path.Combine(to, Path.GetFileName(path)) : to;
        var fetched = await terminal.ProgressAsync<IReadOnlyList<ArtifactResource>>(
            path,
            async steps =>
            {
                if (found.IsFolder)
                    return await artifacts.GetFolderAsync(path, to, Bytes(steps), cancellation);
                await artifacts.GetFileAsync(path, file, Bytes(steps), cancellation);
                return [found];
            }
        );
        Tell(terminal, "Fetched", fetched, found.IsFolder ? to : file);
        return ExitCodes.Done;
    }

    private static async Task<int> PutAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var artifacts = Of(client, parsed);
        var local = parsed.GetRequiredValue(Local);
        var isFolder = Directory.Exists(local);
        if (!isFolder && !File.Exists(local))
            throw Fault.NotFound("artifact.no_local_file", $"There is no file or folder '{local}' here.");
        var path =
            parsed.GetValue(As) ?? Path.GetFileName(Path.GetFullPath(local).TrimEnd(Path.DirectorySeparatorChar));
        var stored = await terminal.ProgressAsync<IReadOnlyList<ArtifactResource>>(
            path,
            async steps =>
                isFolder
                    ? await artifacts.PutFolderAsync(path, local, Bytes(steps), cancellation)
                    : [await artifacts.PutFileAsync(path, local, Bytes(steps), cancellation)]
        );
        Tell(terminal, "Stored", stored, path);
        return ExitCodes.Done;
    }

    private static async Task<int> RemoveAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var path = parsed.GetRequiredValue(ArtifactPath);
        ConsoleOptions.Confirm(parsed, $"'{path}' of {parsed.GetRequiredValue(Owner)} will be removed.");
        await using var client = ConsoleOptions.ClientOf(parsed);
        await Of(client, parsed).DeleteAsync(path, cancellation);
        terminal.Show(new { Path = path }, _ => terminal.Line($"Removed {path}."));
        return ExitCodes.Done;
    }

    private static ArtifactsClient Of(SlipwayClient client, ParseResult parsed) =>
        parsed.GetRequiredValue(Owner) is var id && id.StartsWith("m-", StringComparison.Ordinal)
            ? client.ArtifactsOfModel(id)
            : client.ArtifactsOfRun(id);

    private static void Tell(Terminal terminal, string done, IReadOnlyList<ArtifactResource> files, string place) =>
        terminal.Show(
            files,
            _ => terminal.Line($"{done} {files.Count} files, {Size(files.Sum(file => file.SizeBytes ?? 0))}: {place}")
        );

    private static Reports Bytes(IProgress<Step> steps) => new(steps);

    private static string Size(long bytes) =>
        bytes switch
        {
            < 1 << 10 => string.Create(CultureInfo.InvariantCulture, $"{bytes} B"),
            < 1 << 20 => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024.0:0.0} KiB"),
            < 1 << 30 => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024):0.0} MiB"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / (1024.0 * 1024 * 1024):0.00} GiB"),
        };

    /// <summary>The bytes of the file at hand as steps of a bar.</summary>
    private sealed class Reports(IProgress<Step> steps) : IProgress<ArtifactProgress>
    {
        public void Report(ArtifactProgress value) =>
            steps.Report(new Step(value.DoneBytes, value.TotalBytes ?? value.DoneBytes));
    }
}
