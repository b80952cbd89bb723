using System.Net;
using Slipway.Host;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Host;

public sealed class UpCommandTests
{
    [Theory]
    [InlineData("5001", "127.0.0.1:5001")]
    [InlineData("127.0.0.1:5001", "127.0.0.1:5001")]
    [InlineData("127.0.0.1", "127.0.0.1:5000")]
    [InlineData("localhost", "127.0.0.1:5000")]
    [InlineData("localhost:7", "127.0.0.1:7")]
    [InlineData("0.0.0.0:80", "0.0.0.0:80")]
    [InlineData("*:80", "0.0.0.0:80")]
    [InlineData("[::1]:80", "[::1]:80")]
    [InlineData("[::1]", "[::1]:5000")]
    [InlineData("::1", "[::1]:5000")]
    [InlineData("127.0.0.1:0", "127.0.0.1:0")]
    public void An_address_to_listen_on_may_be_written_as_people_write_it(string text, string means) =>
        Assert.Equal(IPEndPoint.Parse(means), UpCommand.ReadListen(text));

    [Theory]
    [InlineData("")]
    [InlineData("nowhere")]
    [InlineData("127.0.0.1:99999")]
    [InlineData("example.org:80")]
    public void What_is_no_address_is_refused_with_examples(string text) =>
        Assert.Equal("setup.listen_address", Assert.Throws<Fault>(() => UpCommand.ReadListen(text)).Code);

    [Fact]
    public async Task Reset_is_refused_beyond_loopback()
    {
        var command = await SlipwayCommand.RunAsync("up", "--listen", "0.0.0.0:0", "--allow-reset");

        Assert.Equal(2, command.ExitCode);
        Assert.Contains("only possible on loopback", command.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_is_taken_is_refused_in_a_sentence()
    {
        await using var server = await SlipwayProcess.StartAsync();
        using var folder = new TestFolder();

        var command = await SlipwayCommand.RunAsync(
            "up",
            "--data",
            folder.At("data"),
            "--listen",
            server.Address.Authority
        );

        Assert.Equal(78, command.ExitCode);
        Assert.Contains(server.Address.Authority, command.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", command.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mysql://x")]
    [InlineData("postgres://")]
    [InlineData("nonsense")]
    public async Task A_store_that_cannot_be_meant_is_refused_without_repeating_its_password(string store)
    {
        using var folder = new TestFolder();

        var command = await SlipwayCommand.RunAsync("up", "--data", folder.At("data"), "--store", store);

        Assert.Equal(2, command.ExitCode);
        Assert.Contains("postgres://user:password@host:5432/database", command.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_is_refused_with_its_reason_and_without_its_password()
    {
        using var folder = new TestFolder();

        var command = await SlipwayCommand.RunAsync(
            "up",
            "--data",
            folder.At("data"),
            "--store",
            "postgres://somebody:geheim@127.0.0.1:1/slipway"
        );

        Assert.Equal(78, command.ExitCode);
        Assert.Contains("127.0.0.1:1", command.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("geheim", command.Error + command.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", command.Error, StringComparison.Ordinal);
    }
}
