using Slipway.Foundation.Filters;
using Slipway.Registry;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Registry.Actions;

public sealed class RegistrySearchTests
{
    public static TheoryData<string> Kinds => TestStore.Kinds;

    [Theory, MemberData(nameof(Kinds))]
    public async Task Models_are_found_by_name_and_tags_page_by_page(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        string[] names = ["Zebra", "apple", "Ärger", "a_b", "asked"];
        foreach (var name in names)
            await fixture.RegisterAsync(name, 0, ("kind", name == "apple" ? "fruit" : "other"), ("mixed Key", name));
        await fixture.Models.SetTagAsync(fixture.Caller, "asked", RegisteredModel.PromptTag, "true");
        foreach (
            var (filter, expected) in new[]
            {
                ("", "Zebra a_b apple Ärger"),
                ("name LIKE 'a%'", "a_b apple"),
                ("name ILIKE 'Z%' OR name = 'apple'", "Zebra apple"),
                ("NOT name LIKE 'a%'", "Zebra Ärger"),
                ("tags.kind = 'fruit'", "apple"),
                ("tags.kind != 'fruit' AND tags.`mixed Key` ILIKE 'ZEB%'", "Zebra"),
                ("tags.absent != 'x'", ""),
                ("tags.absent IS NULL AND name IN ('apple', 'a_b')", "a_b apple"),
                ("tags.`mlflow.prompt.is_prompt` != 'true'", "Zebra a_b apple Ärger"),
                ("tags.`mlflow.prompt.is_prompt` = 'false'", "Zebra a_b apple Ärger"),
                ("tags.`mlflow.prompt.is_prompt` = 'true'", "asked"),
                ("NOT tags.`mlflow.prompt.is_prompt` = 'true' AND tags.kind = 'fruit'", "apple"),
            }
        )
        {
            var found = new List<string>();
            int? offset = 0;
            while (offset is { } from)
            {
                var page = await fixture.Models.SearchAsync(
                    fixture.Caller,
                    new ModelQuery
                    {
                        Filter = Filter.Parse(filter),
                        Offset = from,
                        Limit = 2,
                    }
                );
                found.AddRange(page.Models.Select(m => m.Name));
                offset = page.NextOffset;
            }
            Assert.Equal((filter, expected), (filter, string.Join(' ', found)));
        }
    }

    [Theory, MemberData(nameof(Kinds))]
    public async Task Versions_are_found_by_all_that_they_are_searched_by(string kind)
    {
        await using var fixture = await RegistryFixture.OpenAsync(kind);
        await fixture.RegisterAsync("a");
        await fixture.RegisterAsync("b");
        await fixture.RegisterAsync("asked", 0, (RegisteredModel.PromptTag, "true"));
        foreach (var (name, run, tag) in new[] { ("a", "r1", "x"), ("a", "r2", "y"), ("b", "r1", "y") })
            await fixture.Versions.CreateAsync(
                fixture.Caller,
                new NewModelVersion(name, $"s3://bucket/{run}") { RunId = run, Tags = [new("t", tag)] }
            );
        await fixture.AddAsync("asked", "dummy-source", (RegisteredModel.PromptTag, "true"));
        foreach (
            var (filter, expected) in new[]
            {
                ("name = 'a'", "a/1 a/2"),
                ("run_id = 'r1'", "a/1 b/1"),
                ("run_id IN ('r2', 'r3')", "a/2"),
                ("version_number > 1", "a/2"),
                ("version_number <= 1 AND name != 'b'", "a/1"),
                ("source_path LIKE '%/r1'", "a/1 b/1"),
                ("tags.t = 'y' OR run_id = 'r1'", "a/1 a/2 b/1"),
                ("tags.t = 'y' AND NOT name = 'a'", "b/1"),
                ("tags.`mlflow.prompt.is_prompt` = 'true'", "asked/1"),
                ("name = 'asked'", ""),
            }
        )
        {
            var page = await fixture.Versions.SearchAsync(
                fixture.Caller,
                new VersionQuery { Filter = Filter.Parse(filter), Order = OrderBy.ParseAll(["name", "version_number"]) }
            );
            Assert.Equal(
                (filter, expected),
                (filter, string.Join(' ', page.Versions.Select(v => $"{v.ModelName}/{v.Number}")))
            );
        }
    }

    [Theory]
    [InlineData("bogus = 'x'", null, "registry.search_field")]
    [InlineData("params.p = 'x'", null, "registry.search_field")]
    [InlineData("name > 'x'", null, "filter.text_comparison")]
    [InlineData("name RLIKE 'x'", null, "filter.text_comparison")]
    [InlineData("", "bogus", "registry.search_order")]
    [InlineData("", "tags.t", "registry.search_order")]
    public async Task What_cannot_be_searched_by_is_refused(string filter, string? order, string code)
    {
        await using var fixture = await RegistryFixture.OpenAsync("sqlite");
        var query = new ModelQuery
        {
            Filter = Filter.Parse(filter),
            Order = OrderBy.ParseAll(order is null ? [] : [order]),
        };
        var fault = await Assert.ThrowsAsync<Fault>(() => fixture.Models.SearchAsync(fixture.Caller, query));
        Assert.Equal(code, fault.Code);
    }
}
