using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Slipway.Foundation.Http;
using Slipway.Sdk;

namespace Slipway.Tests.Foundation.Http;

public sealed class ProblemsTests
{
    private readonly List<string> log = [];

    [Theory]
    [InlineData(FaultKind.Invalid, 400)]
    [InlineData(FaultKind.NotFound, 404)]
    [InlineData(FaultKind.Conflict, 409)]
    [InlineData(FaultKind.Unauthenticated, 401)]
    [InlineData(FaultKind.Denied, 403)]
    [InlineData(FaultKind.Busy, 429)]
    [InlineData(FaultKind.Unavailable, 503)]
    [InlineData(FaultKind.Unsupported, 501)]
    [InlineData(FaultKind.Internal, 500)]
    public void Each_kind_of_fault_has_its_status(FaultKind kind, int status) =>
        Assert.Equal(status, Problems.Status(new Fault(kind, "test.code", "A sentence.")));

    [Fact]
    public async Task A_fault_says_what_is_wrong_where_and_what_to_do()
    {
        var fault = new Fault(FaultKind.Busy, "test.busy", "Too many.", "Wait.", "name")
        {
            RetryAfter = TimeSpan.FromMilliseconds(1500),
        };

        var (response, body) = await RunAsync(_ => throw fault);

        Assert.Equal(429, response.StatusCode);
        Assert.Equal("application/problem+json", response.ContentType);
        Assert.Equal("2", response.Headers.RetryAfter);
        Assert.Equal(
            """{"type":"about:blank","title":"Too many.","status":429,"code":"test.busy","hint":"Wait.","field":"name"}""",
            body
        );
        Assert.Empty(log);
    }

    [Fact]
    public async Task A_defect_is_logged_whole_and_shown_as_a_reference()
    {
        var (response, body) = await RunAsync(_ =>
            throw new InvalidOperationException("select secret from somewhere", new IOException("/data/slipway.db"))
        );

        Assert.Equal(500, response.StatusCode);
        var title = JsonDocument.Parse(body).RootElement.GetProperty("title").GetString()!;
        Assert.Matches("^internal, reference [2-9A-Z]{4}$", title);
        Assert.DoesNotContain("secret", body, StringComparison.Ordinal);
        Assert.DoesNotContain("slipway.db", body, StringComparison.Ordinal);
        var line = Assert.Single(log);
        Assert.Contains(title[^4..], line, StringComparison.Ordinal);
        Assert.Contains("select secret from somewhere", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_went_away_is_no_defect()
    {
        await RunAsync(context =>
        {
            context.RequestAborted = new CancellationToken(canceled: true);
            throw new OperationCanceledException();
        });

        Assert.Empty(log);
    }

    [Fact]
    public async Task An_answer_that_has_begun_is_not_made_into_another()
    {
        await Assert.ThrowsAsync<IOException>(() =>
            RunAsync(context =>
            {
                context.Features.Set<IHttpResponseFeature>(new BegunResponse());
                throw new IOException("the disk");
            })
        );
    }

    private async Task<(HttpResponse, string)> RunAsync(Func<HttpContext, Task> endpoint)
    {
        var services = new ServiceCollection()
            .AddLogging(builder => builder.AddProvider(new LogInto(log)))
            .BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        app.UseProblems();
        app.Run(context => endpoint(context));
        var context = new DefaultHttpContext { RequestServices = services };
        var body = new MemoryStream();
        context.Response.Body = body;
        await app.Build()(context);
        return (context.Response, System.Text.Encoding.UTF8.GetString(body.ToArray()));
    }

    private sealed class BegunResponse : HttpResponseFeature
    {
        public override bool HasStarted => true;
    }

    private sealed class LogInto(List<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => lines.Add($"{formatter(state, exception)} {exception}");

        public void Dispose()
        {
            // Nothing is held.
        }
    }
}
