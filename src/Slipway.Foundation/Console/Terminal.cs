using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Sdk;
using Spectre.Console;

namespace Slipway.Foundation.Console;

/// <summary>
/// Where commands write. A result goes to standard output, as a table for people or, with --json, as one JSON document
/// for programs; whatever accompanies it (progress, notes, faults) goes to standard error, so that output can be piped.
/// </summary>
public sealed class Terminal
{
    private static readonly JsonSerializerOptions JsonForm = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        // A terminal is not a web page: quotes and letters of any language stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    private readonly TextWriter output;
    private readonly TextWriter error;

    public Terminal(TextWriter output, TextWriter error, bool json)
    {
        this.output = output;
        this.error = error;
        Json = json;
    }

    /// <summary>Programs read the output: no tables, no progress.</summary>
    public bool Json { get; }

    public static Terminal For(ParseResult parsed) =>
        new(
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            parsed.GetValue(ConsoleOptions.Json)
        );

    /// <summary>Shows the result of a command: the object itself with --json, otherwise what <paramref name="forPeople"/> writes.</summary>
    public void Show<T>(T result, Action<T> forPeople)
    {
        if (Json)
            output.WriteLine(JsonSerializer.Serialize(result, JsonForm));
        else
            forPeople(result);
    }

    public void Line(string text) => output.WriteLine(text);

    /// <summary>Says something beside the result; silent with --json.</summary>
    public void Note(string text)
    {
        if (!Json)
            error.WriteLine(text);
    }

    public void Table(IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows)
    {
        var console = Console(output, System.Console.IsOutputRedirected);
        var table = new Table { Border = System.Console.IsOutputRedirected ? TableBorder.None : TableBorder.Rounded };
        foreach (var column in columns)
            table.AddColumn(new TableColumn(new Text(column)));
        foreach (var row in rows)
            table.AddRow(row.Select(cell => new Text(cell)));
        console.Write(table);
    }

    /// <summary>
    /// Runs work that tells how far it is: a bar on a terminal, a line every few seconds elsewhere, nothing with --json.
    /// </summary>
    public async Task<T> ProgressAsync<T>(string title, Func<IProgress<Step>, Task<T>> work)
    {
        if (Json)
            return await work(new Steps(_ => { }));
        if (System.Console.IsErrorRedirected)
            return await work(PlainSteps(title));
        return await Console(error, plain: false)
            .Progress()
            .Columns(
                new TaskDescriptionColumn(),
                new ProgressBarColumn(),
                new PercentageColumn(),
                new RemainingTimeColumn()
            )
            .StartAsync(async progress =>
            {
                var task = progress.AddTask(Markup.Escape(title));
                return await work(
                    new Steps(step =>
                    {
                        task.MaxValue = Math.Max(1, step.Total);
                        task.Value = step.Done;
                    })
                );
            });
    }

    /// <summary>The one form in which a fault ends a command.</summary>
    public int Fail(Fault fault)
    {
        if (Json)
        {
            var shown = new
            {
                fault.Code,
                fault.Message,
                fault.Hint,
                fault.Field,
            };
            error.WriteLine(JsonSerializer.Serialize(shown, JsonForm));
            return ExitCodes.Of(fault);
        }
        error.WriteLine($"slipway: {(fault.Field is null ? "" : $"{fault.Field}: ")}{fault.Message}");
        if (fault.Hint is not null)
            error.WriteLine($"  {fault.Hint}");
        return ExitCodes.Of(fault);
    }

    private static IAnsiConsole Console(TextWriter writer, bool plain)
    {
        var console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = plain ? AnsiSupport.No : AnsiSupport.Detect,
                Interactive = plain ? InteractionSupport.No : InteractionSupport.Detect,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        // Nobody looks at a pipe's width; lines stay whole for those who grep them.
        if (plain)
            console.Profile.Width = 10_000;
        return console;
    }

    private Steps PlainSteps(string title)
    {
        var clock = TimeProvider.System;
        var last = clock.GetTimestamp();
        return new Steps(step =>
        {
            if (clock.GetElapsedTime(last) < TimeSpan.FromSeconds(5) && step.Done < step.Total)
                return;
            last = clock.GetTimestamp();
            error.WriteLine($"{title}: {step.Done} of {step.Total}");
        });
    }

    /// <summary>Unlike <see cref="Progress{T}"/> it reports in order and before the work goes on.</summary>
    private sealed class Steps(Action<Step> report) : IProgress<Step>
    {
        public void Report(Step value) => report(value);
    }
}

/// <summary>How far some work is.</summary>
public sealed record Step(long Done, long Total);
