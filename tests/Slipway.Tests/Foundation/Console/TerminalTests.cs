using System.Text.Json;
using Slipway.Foundation.Console;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Console;

public sealed class TerminalTests
{
    private readonly StringWriter output = new();
    private readonly StringWriter error = new();

    [Fact]
    public void A_result_is_shown_to_people_as_they_like_it()
    {
        Terminal(json: false)
            .Show(new Parcel("Rome", 2), parcel => output.Write($"{parcel.WeightKg} kg to {parcel.To}"));

        Assert.Equal("2 kg to Rome", output.ToString());
    }

    [Fact]
    public void A_result_is_one_JSON_document_for_programs_and_notes_are_left_out()
    {
        var terminal = Terminal(json: true);
        terminal.Note("nearly there");
        terminal.Show(new Parcel("Zürich \"HB\"", 2), _ => throw new InvalidOperationException());

        var document = JsonDocument.Parse(output.ToString()).RootElement;
        Assert.Equal(["to", "weight_kg"], document.EnumerateObject().Select(field => field.Name));
        Assert.Equal("Zürich \"HB\"", document.GetProperty("to").GetString());
        Assert.Equal(2, document.GetProperty("weight_kg").GetInt32());
        Assert.Empty(error.ToString());
    }

    [Fact]
    public void A_fault_is_a_sentence_and_what_to_do_on_standard_error()
    {
        var code = Terminal(json: false).Fail(Fault.Invalid("test.code", "It is too long.", "--name", "Shorten it."));

        Assert.Equal(2, code);
        Assert.Equal("slipway: --name: It is too long.\n  Shorten it.\n", error.ToString());
        Assert.Empty(output.ToString());
    }

    [Fact]
    public void A_fault_is_JSON_for_programs()
    {
        Terminal(json: true).Fail(Fault.NotFound("run.not_found", "There is no run 7."));

        var fault = JsonDocument.Parse(error.ToString()).RootElement;
        Assert.Equal("run.not_found", fault.GetProperty("code").GetString());
        Assert.Equal("There is no run 7.", fault.GetProperty("message").GetString());
    }

    [Fact]
    public async Task Work_that_tells_how_far_it_is_runs_to_its_end_in_every_form()
    {
        foreach (var json in new[] { true, false })
        {
            var result = await Terminal(json)
                .ProgressAsync(
                    "copying",
                    progress =>
                    {
                        for (var i = 0; i <= 10; i++)
                            progress.Report(new Step(i, 10));
                        return Task.FromResult(7);
                    }
                );

            Assert.Equal(7, result);
        }
    }

    private Terminal Terminal(bool json) => new(output, error, json);

    private sealed record Parcel(string To, int WeightKg);
}
