using System.CommandLine;
using System.Globalization;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;
using Change = Slipway.Sdk.Tracking.RunChange;
using SdkStatus = Slipway.Sdk.Tracking.RunStatus;

namespace Slipway.Tracking.Cli;

/// <summary>`slipway runs create`, `log` and `send`: runs of programs that speak no HTTP, such as shell scripts.</summary>
internal static class RunLogCommands
{
    private static readonly Argument<string> Experiment = new("experiment")
    {
        Description = "Name of the experiment, which is made where there is none.",
        HelpName = "EXPERIMENT",
    };

    private static readonly Argument<string> Run = new("run") { Description = "A run by id.", HelpName = "RUN" };

    private static readonly Option<string?> Name = new("--name")
    {
        Description = "Name of the run.",
        HelpName = "NAME",
    };

    private static readonly Option<string[]> Metrics = new("--metric")
    {
        Description = "A value of a metric; may be repeated.",
        HelpName = "NAME=NUMBER",
    };

    private static readonly Option<long> Step = new("--step")
    {
        Description = "The step of training that the metrics belong to.",
        HelpName = "N",
    };

    private static readonly Option<string[]> Params = new("--param")
    {
        Description = "A parameter; may be repeated.",
        HelpName = "NAME=VALUE",
    };

    private static readonly Option<SdkStatus?> Status = new("--status")
    {
        Description = "What the run is doing from now on, or how it ended.",
        HelpName = "running|finished|failed|killed",
    };

    public static Command CreateRun() =>
        new Command("create", "Start a run, and print its id.") { Experiment, Name, ListOptions.Tags }
            .AsksServer()
            .Runs(CreateAsync);

    public static Command CreateLog() =>
        new Command("log", "Log metrics, parameters and tags to a run, or end it.")
        {
            Run,
            Metrics,
            Step,
            Params,
            ListOptions.Tags,
            Status,
        }
            .AsksServer()
            .Runs(LogAsync);

    public static Command CreateSend() =>
        new Command("send", "Send what runs on this machine logged while the server was away.")
            .AsksServer()
            .Runs(SendAsync);

    private static async Task<int> CreateAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var run = await client.Runs.EnsureAsync(
            RunsClient.NewId(),
            new RunCreate
            {
                Experiment = parsed.GetRequiredValue(Experiment),
                Name = parsed.GetValue(Name),
                Tags = Cells.Pairs(parsed.GetValue(ListOptions.Tags) ?? [], "--tag"),
            },
            cancellation
        );
        terminal.Show(run, TrackingJson.Default.RunResource, _ => terminal.Line(run.Id));
        return ExitCodes.Done;
    }

    private static async Task<int> LogAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        var id = parsed.GetRequiredValue(Run);
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var log = new RunLog
        {
            Metrics =
            [
                .. Cells
                    .Pairs(parsed.GetValue(Metrics) ?? [], "--metric")
                    .Select(pair => new MetricEntry
                    {
                        Key = pair.Key,
                        Value = Number(pair.Value),
                        Step = parsed.GetValue(Step),
                        TimestampMs = now,
                    }),
            ],
            Params = Cells.Pairs(parsed.GetValue(Params) ?? [], "--param"),
            Tags = Cells.Pairs(parsed.GetValue(ListOptions.Tags) ?? [], "--tag"),
        };
        await using var client = ConsoleOptions.ClientOf(parsed);
        if (log.Metrics.Count + log.Params.Count + log.Tags.Count > 0)
            await client.Runs.LogAsync(id, log, cancellation);
        if (parsed.GetValue(Status) is { } status)
            await client.Runs.ChangeAsync(
                id,
                new Change { Status = status, EndMs = status is SdkStatus.Running ? null : now },
                cancellation
            );
        terminal.Show(new { Run = id }, _ => { });
        return ExitCodes.Done;
    }

    private static async Task<int> SendAsync(ParseResult parsed, Terminal terminal, CancellationToken cancellation)
    {
        await using var client = ConsoleOptions.ClientOf(parsed);
        var report = await client.SendSpooledAsync(cancellation);
        terminal.Show(
            new
            {
                report.Runs,
                report.Left,
                report.Rejected,
            },
            _ =>
            {
                terminal.Line($"{report.Runs} runs sent to their end, {report.Left} still on disk.");
                if (report.Rejected > 0)
                    terminal.Line($"{report.Rejected} values were refused by the server.");
            }
        );
        return report.Fault is { } fault ? ExitCodes.Of(fault) : ExitCodes.Done;
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw Fault.Invalid("command.number", $"'{text}' is not a number.", "--metric");
}
