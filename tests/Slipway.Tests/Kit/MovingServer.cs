namespace Slipway.Tests.Kit;

/// <summary>
/// Carries requests to wherever the server is at the moment: one that is started again comes back on another port, and
/// clients of it keep their address.
/// </summary>
public sealed class MovingServer(Uri address) : DelegatingHandler(new SocketsHttpHandler())
{
    private volatile Uri current = address;

    public void MoveTo(Uri next) => current = next;

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.RequestUri = new Uri(current, request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
