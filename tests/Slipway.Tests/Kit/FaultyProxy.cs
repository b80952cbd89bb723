using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;

namespace Slipway.Tests.Kit;

/// <summary>A request as a test script sees it.</summary>
public sealed record ProxiedRequest(string Method, string Path, string Query, string? Range, string? IfMatch);

/// <summary>What goes wrong with an exchange; what is not said goes its way.</summary>
public sealed record Trouble
{
    /// <summary>Answers this instead of passing the request on.</summary>
    public int? Status { get; init; }

    /// <summary>The S3 error code in that answer.</summary>
    public string ErrorCode { get; init; } = "InternalError";

    /// <summary>Passes the request on and drops the connection instead of answering.</summary>
    public bool LoseAnswer { get; init; }

    /// <summary>Never answers.</summary>
    public bool Hang { get; init; }

    /// <summary>Breaks the connection after so many bytes of the body.</summary>
    public int? BreakAfter { get; init; }

    /// <summary>Sends only so many bytes and says that this is all.</summary>
    public int? ShortenTo { get; init; }

    /// <summary>Flips a bit of this byte of the body.</summary>
    public int? FlipAt { get; init; }

    public string? ETag { get; init; }
}

/// <summary>
/// An HTTP proxy that does what a script tells it to each exchange. Signatures stay valid, because the Host that the
/// client signed is passed on.
/// </summary>
public sealed class FaultyProxy : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Uri target;
    private readonly CancellationTokenSource closing = new();

    private FaultyProxy(WebApplication app, Uri target)
    {
        this.app = app;
        this.target = target;
        app.Run(PassAsync);
    }

    /// <summary>Asked for each request; null lets it pass.</summary>
    public Func<ProxiedRequest, Trouble?> Script { get; set; } = _ => null;

    public ConcurrentQueue<ProxiedRequest> Seen { get; } = new();

    public string Address =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<FaultyProxy> StartAsync(string target)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Limits.MaxRequestBodySize = null;
        });
        var proxy = new FaultyProxy(builder.Build(), new Uri(target));
        await proxy.app.StartAsync();
        return proxy;
    }

    /// <summary>A script that makes trouble for the first so many requests that match.</summary>
    public static Func<ProxiedRequest, Trouble?> First(int times, Func<ProxiedRequest, bool> match, Trouble trouble)
    {
        var left = times;
        return request => match(request) && Interlocked.Decrement(ref left) >= 0 ? trouble : null;
    }

    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await app.DisposeAsync();
        http.Dispose();
        closing.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        var request = context.Request;
        var seen = new ProxiedRequest(
            request.Method,
            request.Path.Value!,
            request.QueryString.Value ?? "",
            request.Headers.Range.FirstOrDefault(),
            request.Headers.IfMatch.FirstOrDefault()
        );
        Seen.Enqueue(seen);
        var trouble = Script(seen) ?? new Trouble();
        if (trouble.Hang)
        {
            await Task.Delay(Timeout.Infinite, closing.Token)
                .ContinueWith(
                    _ => context.Abort(),
                    CancellationToken.None,
                    TaskContinuationOptions.None,
                    TaskScheduler.Default
                );
            return;
        }
        if (trouble.Status is { } status)
        {
            await request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/xml";
            if (request.Method != "HEAD")
                await context.Response.WriteAsync(
                    $"<Error><Code>{trouble.ErrorCode}</Code><Message>scripted</Message></Error>"
                );
            return;
        }
        using var answer = await http.SendAsync(Forwarded(context), HttpCompletionOption.ResponseHeadersRead);
        if (trouble.LoseAnswer)
        {
            await answer.Content.ReadAsByteArrayAsync();
            context.Abort();
            return;
        }
        await AnswerAsync(context, answer, trouble);
    }

    private HttpRequestMessage Forwarded(HttpContext context)
    {
        var request = context.Request;
        var rawTarget = context.Features.Get<IHttpRequestFeature>()!.RawTarget;
        var message = new HttpRequestMessage(new HttpMethod(request.Method), new Uri(target, rawTarget));
        if (request.ContentLength is > 0)
            message.Content = new StreamContent(request.Body);
        else if (request.Method is "PUT" or "POST")
            message.Content = new ByteArrayContent([]);
        foreach (var (name, values) in request.Headers)
        {
            if (name is "Expect" or "Connection")
                continue;
            if (!message.Headers.TryAddWithoutValidation(name, values.AsEnumerable()))
                message.Content?.Headers.TryAddWithoutValidation(name, values.AsEnumerable());
        }
        return message;
    }

    private static async Task AnswerAsync(HttpContext context, HttpResponseMessage answer, Trouble trouble)
    {
        var response = context.Response;
        response.StatusCode = (int)answer.StatusCode;
        foreach (var (name, values) in answer.Headers.Concat(answer.Content.Headers))
        {
            if (name is not ("Transfer-Encoding" or "Connection"))
                response.Headers[name] = values.ToArray();
        }
        if (trouble.ETag is not null)
            response.Headers.ETag = trouble.ETag;
        if (context.Request.Method == "HEAD")
            return;
        var body = await answer.Content.ReadAsByteArrayAsync();
        if (trouble.FlipAt is { } at)
            body[at] ^= 0x10;
        if (trouble.ShortenTo is { } size)
        {
            body = body[..size];
            response.ContentLength = size;
        }
        await response.Body.WriteAsync(body.AsMemory(0, trouble.BreakAfter ?? body.Length));
        if (trouble.BreakAfter is not null)
        {
            await response.Body.FlushAsync();
            await Task.Delay(50); // lets the bytes reach the client before the reset does
            context.Abort();
        }
    }
}
