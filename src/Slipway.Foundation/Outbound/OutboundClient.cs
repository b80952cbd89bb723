using System.Net;
using System.Net.Sockets;
using Slipway.Sdk;

namespace Slipway.Foundation.Outbound;

/// <summary>What an address outside answered: its status, the beginning of its body as text, and when it wants to be asked again.</summary>
public sealed record OutboundAnswer(int Status, string Body, TimeSpan? RetryAfter);

/// <summary>Asks which addresses a name has.</summary>
public delegate Task<IPAddress[]> LookUp(string name, CancellationToken cancellation);

/// <summary>
/// The one way by which this server calls an address that a user wrote down. It reaches public addresses alone, checked
/// on the address that is connected to and not on the name, so that a name cannot mean one place when it is checked and
/// another when it is used. It follows no redirect, unpacks nothing, reads 64 KiB at most and waits ten seconds at most.
/// </summary>
public sealed class OutboundClient : IDisposable
{
    private const int BodyLimit = 64 * 1024;

    private static readonly TimeSpan LookUpPatience = TimeSpan.FromSeconds(3);

    private readonly bool allowPrivate;
    private readonly LookUp lookUp;
    private readonly TimeSpan patience;
    private readonly HttpClient http;

    public OutboundClient(bool allowPrivate, LookUp? lookUp = null, TimeSpan? patience = null)
    {
        this.allowPrivate = allowPrivate;
        this.lookUp = lookUp ?? Dns.GetHostAddressesAsync;
        this.patience = patience ?? TimeSpan.FromSeconds(10);
        http = new HttpClient(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                UseProxy = false,
                UseCookies = false,
                MaxResponseHeadersLength = 64,
                PooledConnectionLifetime = TimeSpan.FromMinutes(1),
                ConnectCallback = (context, cancellation) => ConnectAsync(context.DnsEndPoint, cancellation),
            }
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>
    /// Refuses an address that could never be called. A name that leads nowhere at the moment is let through: it is looked
    /// at again whenever it is called.
    /// </summary>
    public async Task<Uri> CheckAsync(string text, string field, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address))
            throw Refused($"Invalid webhook URL '{text}': it is not an address.", field);
        RequireOutside(address, field);
        if (allowPrivate)
            return address;
        if (IsLocalName(address.IdnHost) || (await LookUpAsync(address, cancellation)).Any(ip => !PublicAddress.Is(ip)))
            throw Refused(
                $"'{address.IdnHost}' is not a public address.",
                field,
                "A server that is meant to call addresses of its own network is started with --allow-private-targets."
            );
        return address;
    }

    /// <summary>Sends the request once. A place that cannot be reached, or that does not answer in time, is a fault.</summary>
    public async Task<OutboundAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancellation)
    {
        // It may have been written down when more was allowed.
        RequireOutside(request.RequestUri!, "url");
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(patience);
        try
        {
            using var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, limited.Token);
            return new OutboundAnswer(
                (int)answer.StatusCode,
                await ReadAsync(answer.Content, limited.Token),
                answer.Headers.RetryAfter?.Delta
            );
        }
        catch (Exception e) when (e is HttpRequestException or IOException or SocketException)
        {
            throw Unreachable((e.InnerException as Fault)?.Message ?? e.GetBaseException().Message);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw Unreachable($"it did not answer within {patience.TotalSeconds} seconds");
        }
    }

    public void Dispose() => http.Dispose();

    /// <summary>What can be told from the address alone.</summary>
    private void RequireOutside(Uri address, string field)
    {
        if (address.Scheme != Uri.UriSchemeHttps && !(allowPrivate && address.Scheme == Uri.UriSchemeHttp))
            throw Refused(
                $"Invalid webhook URL scheme: '{address.Scheme}'. Allowed schemes are: {(allowPrivate ? "http, https" : "https")}.",
                field
            );
        if (address.IdnHost.Length == 0)
            throw Refused($"Webhook URL must include a hostname: '{address}'", field);
        if (allowPrivate)
            return;
        if (address.UserInfo.Length > 0)
            throw Refused("The address carries a user or a password, which would be shown to whoever lists it.", field);
        if (address.Port is not (80 or 443) and < 1024)
            throw Refused($"Port {address.Port} belongs to another service than a web server.", field);
    }

    private static async Task<string> ReadAsync(HttpContent content, CancellationToken cancellation)
    {
        await using var body = await content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[BodyLimit];
        var length = await body.ReadAtLeastAsync(buffer, BodyLimit, throwOnEndOfStream: false, cancellation);
        return System.Text.Encoding.UTF8.GetString(buffer, 0, length);
    }

    private async ValueTask<Stream> ConnectAsync(DnsEndPoint target, CancellationToken cancellation)
    {
        var addresses = await lookUp(target.Host, cancellation);
        if (!allowPrivate)
            addresses = Array.FindAll(addresses, PublicAddress.Is);
        if (addresses.Length == 0)
            throw new Fault(
                FaultKind.Denied,
                "outbound.not_public",
                $"'{target.Host}' does not lead to a public address."
            );
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, target.Port, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsLocalName(string host)
    {
        var name = host.TrimEnd('.');
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase)
            || name.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
    }

    private async Task<IPAddress[]> LookUpAsync(Uri address, CancellationToken cancellation)
    {
        if (IPAddress.TryParse(address.IdnHost, out var written))
            return [written];
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(LookUpPatience);
        try
        {
            return await lookUp(address.IdnHost, limited.Token);
        }
        catch (Exception e) when (e is SocketException || !cancellation.IsCancellationRequested)
        {
            return [];
        }
    }

    private static Fault Refused(string message, string field, string? hint = null) =>
        Fault.Invalid("outbound.address", message, field, hint);

    private static Fault Unreachable(string why) =>
        new(FaultKind.Unavailable, "outbound.unreachable", $"The address cannot be reached: {why}");
}
