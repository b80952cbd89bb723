using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace Slipway.Tests.Host.Import;

/// <summary>A server of somebody else's that answers as a test says.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly WebApplication web;

    private ScriptedServer(WebApplication web) => this.web = web;

    public Uri Address => new(web.Urls.First());

    public static async Task<ScriptedServer> StartAsync(Func<string, HttpResponse, (int Status, string Body)> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        app.Run(async http =>
        {
            var (status, body) = answer(http.Request.Path, http.Response);
            http.Response.StatusCode = status;
            await http.Response.WriteAsync(body);
        });
        await app.StartAsync();
        return new ScriptedServer(app);
    }

    public ValueTask DisposeAsync() => web.DisposeAsync();
}
