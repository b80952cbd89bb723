using System.Text.Json;
using Slipway.Tests.Kit;
using Slipway.Tests.Sdk;

namespace Slipway.Tests.Registry.Cli;

public sealed class ModelCommandsTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task A_model_goes_through_its_life_by_commands()
    {
        const string name = "fares by commands";
        var first = await RunAsync("register", name, "s3://bucket/1");
        var second = await RunAsync("register", name, "s3://bucket/2", "--json");
        var set = await RunAsync("alias", "set", name, "champion", "1");
        var moved = await RunAsync("alias", "set", name, "champion", "2", "--expected", "1");
        var late = await RunAsync("alias", "set", name, "champion", "1", "--expected", "1");
        var back = await RunAsync("alias", "rollback", name, "champion");
        var shown = await RunAsync("alias", "show", name, "champion", "--json");
        var history = await RunAsync("history", name, "--json");
        var staged = await RunAsync("versions", "edit", name, "2", "--stage", "staging", "--tag", "team=taxi");
        var versions = await RunAsync("versions", "list", name);
        var list = await RunAsync("list", "--filter", $"name = '{name}'");
        var files = await RunAsync("versions", "files", name, "1", "--json");
        var origin = await RunAsync("versions", "origin", name, "1");

        Assert.Equal("Registered fares by commands/1.", first.Output.Trim());
        Assert.Equal(2, Json(second).GetProperty("version").GetInt32());
        Assert.Equal("fares by commands@champion means version 1.", set.Output.Trim());
        Assert.Equal((0, 4), (moved.ExitCode, late.ExitCode));
        Assert.Equal("fares by commands@champion means version 1.", back.Output.Trim());
        Assert.Equal(1, Json(shown).GetProperty("version").GetInt32());
        Assert.Equal(3, Json(history).GetArrayLength());
        Assert.Equal(0, staged.ExitCode);
        Assert.Contains("staging", versions.Output, StringComparison.Ordinal);
        Assert.Contains("champion=1", list.Output, StringComparison.Ordinal);
        Assert.Equal("elsewhere", Json(files).GetProperty("state").GetString());
        Assert.Equal(0, origin.ExitCode);
    }

    [Fact]
    public async Task What_cannot_be_undone_is_asked_for_and_what_is_not_there_ends_with_its_reason()
    {
        await RunAsync("create", "to delete", "--tag", "a=b", "--description", "d");
        var unsure = await RunAsync("delete", "to delete");
        var renamed = await RunAsync("rename", "to delete", "gone soon");
        var edited = await RunAsync("edit", "gone soon", "--remove-tag", "a", "--json");
        var deleted = await RunAsync("delete", "gone soon", "--yes");
        var missing = await RunAsync("show", "gone soon");
        Assert.Equal((2, 0, 0, 3), (unsure.ExitCode, renamed.ExitCode, deleted.ExitCode, missing.ExitCode));
        Assert.Equal("d", Json(edited).GetProperty("description").GetString());
        Assert.Empty(Json(edited).GetProperty("tags").EnumerateObject());
    }

    private static JsonElement Json(SlipwayCommand ended) => JsonDocument.Parse(ended.Output).RootElement;

    private Task<SlipwayCommand> RunAsync(params string[] args) =>
        SlipwayCommand.RunAsync(["models", .. args, "--server", server.Process.Address.ToString()]);
}
