using System.Net;
using Microsoft.AspNetCore.Http;
using Slipway.Foundation.Outbound;
using Slipway.Sdk;
using Slipway.Tests.Kit;

namespace Slipway.Tests.Foundation.Outbound;

public sealed class OutboundClientTests
{
    [Theory]
    [InlineData("https://127.0.0.1/x")]
    [InlineData("https://127.8.9.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://0/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f.1/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[::ffff:a00:1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fd00:ec2::254]/")]
    [InlineData("https://10.0.0.1/")]
    [InlineData("https://172.16.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://224.0.0.1/")]
    [InlineData("https://255.255.255.255/")]
    [InlineData("https://localhost/")]
    [InlineData("https://localhost./")]
    [InlineData("https://a.localhost/")]
    [InlineData("https://user@93.184.216.34/")]
    [InlineData("https://93.184.216.34:22/")]
    [InlineData("http://93.184.216.34/")]
    [InlineData("gopher://93.184.216.34/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("ftp://93.184.216.34/")]
    [InlineData("unix:///var/run/docker.sock")]
    [InlineData("//93.184.216.34/")]
    [InlineData("https://[invalid")]
    public async Task What_is_no_public_https_address_is_refused(string address)
    {
        using var client = new OutboundClient(allowPrivate: false);
        var fault = await Assert.ThrowsAsync<Fault>(() => client.CheckAsync(address, "url", default));
        Assert.Equal((FaultKind.Invalid, "url"), (fault.Kind, fault.Field));
    }

    [Theory]
    [InlineData("https://93.184.216.34/hook")]
    [InlineData("https://[2606:2800:220:1::1]:8443/hook")]
    public async Task Public_addresses_are_let_through(string address)
    {
        using var client = new OutboundClient(allowPrivate: false);
        Assert.Equal(address, (await client.CheckAsync(address, "url", default)).ToString());
    }

    [Fact]
    public async Task A_name_that_meant_a_public_address_and_means_this_machine_by_now_is_not_called()
    {
        await using var receiver = await Receiver.StartAsync();
        var asked = 0;
        using var client = new OutboundClient(
            allowPrivate: false,
            (_, _) =>
                Task.FromResult<IPAddress[]>([++asked == 1 ? IPAddress.Parse("93.184.216.34") : IPAddress.Loopback])
        );
        var address = $"https://rebound.example:{new Uri(receiver.Url).Port}/";
        await client.CheckAsync(address, "url", default);

        var fault = await Assert.ThrowsAsync<Fault>(() => client.SendAsync(Post(address), default));

        Assert.Contains("does not lead to a public address", fault.Message, StringComparison.Ordinal);
        Assert.Equal((2, 0), (asked, receiver.Requests.Count));
    }

    [Fact]
    public async Task What_was_allowed_once_and_is_no_more_is_not_called()
    {
        await using var receiver = await Receiver.StartAsync();
        using var client = new OutboundClient(allowPrivate: false);
        await Assert.ThrowsAsync<Fault>(() => client.SendAsync(Post(receiver.Url), default));
        Assert.Empty(receiver.Requests);
    }

    [Fact]
    public async Task Redirects_are_not_followed()
    {
        await using var inside = await Receiver.StartAsync();
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = (_, http) =>
        {
            http.Response.StatusCode = 307;
            http.Response.Headers.Location = inside.Url;
            return Task.CompletedTask;
        };
        using var client = new OutboundClient(allowPrivate: true);

        Assert.Equal(307, (await client.SendAsync(Post(receiver.Url), default)).Status);
        Assert.Empty(inside.Requests);
    }

    [Fact]
    public async Task Of_an_endless_answer_64_KiB_are_read()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async (_, http) =>
        {
            var block = new byte[64 * 1024];
            while (!http.RequestAborted.IsCancellationRequested)
                await http.Response.Body.WriteAsync(block, http.RequestAborted);
        };
        using var client = new OutboundClient(allowPrivate: true);
        Assert.Equal(64 * 1024, (await client.SendAsync(Post(receiver.Url), default)).Body.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Who_does_not_answer_in_time_is_given_up(bool dripping)
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async (_, http) =>
        {
            while (!http.RequestAborted.IsCancellationRequested)
            {
                await Task.Delay(20, http.RequestAborted);
                if (dripping)
                    await http.Response.WriteAsync("x", http.RequestAborted);
            }
        };
        using var client = new OutboundClient(allowPrivate: true, patience: TimeSpan.FromMilliseconds(300));
        var fault = await Assert.ThrowsAsync<Fault>(() => client.SendAsync(Post(receiver.Url), default));
        Assert.Equal(("outbound.unreachable", FaultKind.Unavailable), (fault.Code, fault.Kind));
    }

    [Fact]
    public async Task A_packed_answer_is_not_unpacked()
    {
        await using var receiver = await Receiver.StartAsync();
        receiver.Answer = async (_, http) =>
        {
            http.Response.Headers.ContentEncoding = "gzip";
            using var packed = new MemoryStream();
            await using (
                var zip = new System.IO.Compression.GZipStream(packed, System.IO.Compression.CompressionLevel.Fastest)
            )
                await zip.WriteAsync(new byte[4 << 20]);
            await http.Response.Body.WriteAsync(packed.ToArray());
        };
        using var client = new OutboundClient(allowPrivate: true);
        Assert.InRange((await client.SendAsync(Post(receiver.Url), default)).Body.Length, 1, 64 * 1024);
    }

    private static HttpRequestMessage Post(string address) =>
        new(HttpMethod.Post, address) { Content = new StringContent("{}") };
}
