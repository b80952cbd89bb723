using System.Text.Json.Nodes;
using Slipway.Governance;
using Slipway.Governance.Actions;
using Slipway.Registry;
using Slipway.Tracking;
using static Slipway.Tests.Governance.GovernanceFixture;

namespace Slipway.Tests.Governance.Actions;

public sealed class ModelCardsTests
{
    [Fact]
    public async Task A_card_is_filled_from_the_records_and_what_people_wrote_lies_over_it()
    {
        await using var fixture = await OpenAsync();
        var run = await fixture.Registry.Tracking.StartAsync("train");
        await fixture.Registry.Tracking.LogAsync(run, new Metric("rmse", new MetricPoint(1, 0, 0.25)));
        await fixture.Registry.Models.CreateAsync(fixture.Author, new NewRegisteredModel("fares"));
        await fixture.Registry.Models.SetTagAsync(fixture.Author, "fares", "owner", "risk team");
        await fixture.Registry.Versions.CreateAsync(
            fixture.Author,
            new NewModelVersion("fares", "s3://bucket/m") { RunId = run.Head.Id, Description = "predicts fares" }
        );
        var card = await fixture.Cards.GetAsync(fixture.Author, "fares", 1);
        Assert.Equal("predicts fares", (string)card["model_overview"]!["model_description"]!);
        Assert.Equal("risk team", (string)card["model_overview"]!["model_owner"]!);
        Assert.Equal("Unknown", (string)card["intended_uses"]!["risk_rating"]!);
        var metric = card["training_details"]!["training_job_details"]!["training_metrics"]![0]!;
        Assert.Equal(("rmse", 0.25), ((string)metric["name"]!, (double)metric["value"]!));
        await WriteAsync(fixture, """{"intended_uses":{"risk_rating":"High","purpose_of_model":"taxi fares"}}""");
        var last = await WriteAsync(fixture, """{"intended_uses":{"risk_rating":"Low"}}""");
        Assert.Equal(2, last.Number);
        await fixture.Cards.SetStatusAsync(fixture.Author, "fares", 1, CardStatus.Approved);
        var history = await fixture.Cards.HistoryAsync(fixture.Author, "fares", 1);
        Assert.Equal([CardStatus.Approved, CardStatus.Draft], history.Select(c => c.Status));
        card = await fixture.Cards.GetAsync(fixture.Author, "fares", 1);
        Assert.Equal("Low", (string)card["intended_uses"]!["risk_rating"]!);
        Assert.Equal("predicts fares", (string)card["model_overview"]!["model_description"]!);
    }

    [Theory]
    [InlineData("""{}""", "card.size")]
    [InlineData("""{"notes":{}}""", "card.field")]
    [InlineData("""{"intended_uses":"x"}""", "card.part")]
    [InlineData("""{"intended_uses":{"risk_rating":"Huge"}}""", "card.risk_rating")]
    public async Task A_card_that_is_none_is_refused(string fields, string code)
    {
        await using var fixture = await OpenAsync();
        await fixture.RegisterSafeAsync();
        await RefusesAsync(code, () => WriteAsync(fixture, fields));
    }

    [Fact]
    public async Task What_people_write_is_text_in_the_markdown_and_nothing_else()
    {
        await using var fixture = await OpenAsync();
        await fixture.RegisterSafeAsync();
        await WriteAsync(
            fixture,
            """{"intended_uses":{"purpose_of_model":"<script>x</script> [a](javascript:x)\n# title ![i](http://x)"}}"""
        );
        var text = CardFields.ToMarkdown(await fixture.Cards.GetAsync(fixture.Author, "fares", 1));
        Assert.Contains("# fares, version 1", text);
        Assert.DoesNotContain("<script>", text);
        Assert.DoesNotContain("](", text);
        Assert.DoesNotContain("\n# title", text);
    }

    [Fact]
    public async Task A_bill_of_materials_names_each_file_and_what_has_to_be_installed()
    {
        await using var fixture = await OpenAsync();
        await fixture.RegisterAsync(
            ("MLmodel", "flavors: {}"),
            ("requirements.txt", "scikit-learn==1.5.0\nnumpy>=1\nPy_Yaml==6.0 # x\n")
        );
        var bom = await fixture.Boms.OfAsync(fixture.Author, "fares", 1);
        Assert.Equal(("CycloneDX", "1.6"), ((string)bom["bomFormat"]!, (string)bom["specVersion"]!));
        Assert.Equal("machine-learning-model", (string)bom["metadata"]!["component"]!["type"]!);
        Assert.Equal(
            ["file:MLmodel", "file:requirements.txt", "pkg:pypi/scikit-learn@1.5.0", "pkg:pypi/py-yaml@6.0"],
            bom["components"]!.AsArray().Select(c => (string)c!["bom-ref"]!)
        );
        Assert.Equal(64, ((string)bom["components"]![0]!["hashes"]![0]!["content"]!).Length);
        var again = await fixture.Boms.OfAsync(fixture.Author, "fares", 1);
        Assert.Equal((string)bom["serialNumber"]!, (string)again["serialNumber"]!);
    }

    [Fact]
    public async Task A_written_card_is_what_a_policy_demands()
    {
        await using var fixture = await OpenAsync();
        var version = await fixture.RegisterSafeAsync();
        await fixture.Policies.SetAsync(fixture.Reviewer, new Policy { Card = true });
        await RefusesAsync("promotion.card", () => fixture.PromoteAsync(version));
        await WriteAsync(fixture, """{"intended_uses":{"risk_rating":"Low"}}""");
        await fixture.PromoteAsync(version);
    }

    private static Task<WrittenCard> WriteAsync(GovernanceFixture fixture, string fields) =>
        fixture.Cards.WriteAsync(fixture.Author, "fares", 1, JsonNode.Parse(fields)!.AsObject());
}
