using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Slipway.Foundation.Basics;

namespace Slipway.Tests.Foundation.Basics;

public sealed class SteadyServiceTests
{
    [Fact]
    public async Task Work_that_fails_begins_anew_and_what_failed_is_told()
    {
        var log = new Told();
        using var work = new Stumbling(failures: 1, log);
        await work.StartAsync(TestContext.Current.CancellationToken);
        await work.Done.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal(2, work.Times);
        Assert.Equal(["Stumbling failed and begins anew in 1 s: oh"], log.Lines);
        await work.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(work.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Work_that_rests_after_a_failure_is_stopped_at_once()
    {
        using var work = new Stumbling(failures: 100, NullLogger.Instance);
        await work.StartAsync(TestContext.Current.CancellationToken);
        await work.Begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await work.StopAsync(TestContext.Current.CancellationToken);
        Assert.True(work.ExecuteTask!.IsCompletedSuccessfully);
    }

    private sealed class Stumbling(int failures, ILogger log) : SteadyService(TimeProvider.System, log)
    {
        public int Times { get; private set; }

        public TaskCompletionSource Begun { get; } = new();

        public TaskCompletionSource Done { get; } = new();

        protected override async Task WorkAsync(CancellationToken stopping)
        {
            Times++;
            Begun.TrySetResult();
            if (Times <= failures)
                throw new InvalidOperationException("oh");
            Done.SetResult();
            await Task.Delay(Timeout.Infinite, stopping);
        }
    }

    private sealed class Told : ILogger
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Lines.Add($"{formatter(state, exception)}: {exception?.Message}");
    }
}
