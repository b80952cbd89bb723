using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Http;

namespace Slipway.Tests.Foundation.Http;

public sealed class IntakeTests
{
    [Fact]
    public async Task Requests_beyond_the_limit_are_turned_away_at_once_and_told_when_to_come_back()
    {
        var intake = new Intake(2);
        var door = new TaskCompletionSource();
        var ask = Pipeline(intake, _ => door.Task);

        var first = ask();
        var second = ask();
        var third = await ask();

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, third.StatusCode);
        Assert.Equal("1", third.Headers.RetryAfter);
        Assert.Equal((2, 1), (intake.Inside, intake.TurnedAway));

        door.SetResult();
        Assert.Equal(StatusCodes.Status200OK, (await first).StatusCode);
        Assert.Equal(StatusCodes.Status200OK, (await second).StatusCode);
        Assert.Equal(0, intake.Inside);
        Assert.Equal(StatusCodes.Status200OK, (await ask()).StatusCode);
    }

    [Fact]
    public async Task A_request_that_fails_leaves_its_place_to_the_next()
    {
        var intake = new Intake(1);
        var ask = Pipeline(intake, _ => throw new InvalidOperationException());

        for (var i = 0; i < 3; i++)
            await Assert.ThrowsAsync<InvalidOperationException>(ask);

        Assert.Equal((0, 0), (intake.Inside, intake.TurnedAway));
    }

    [Fact]
    public async Task Draining_waits_for_those_inside_and_takes_nobody_new()
    {
        var intake = new Intake(10);
        var door = new TaskCompletionSource();
        var ask = Pipeline(intake, _ => door.Task);
        var inside = ask();

        var drained = intake.DrainAsync(TimeSpan.FromMinutes(1), TimeProvider.System);
        var late = await ask();

        Assert.Equal(StatusCodes.Status503ServiceUnavailable, late.StatusCode);
        Assert.Equal("5", late.Headers.RetryAfter);
        Assert.False(drained.IsCompleted);
        door.SetResult();
        await drained;
        Assert.Equal(StatusCodes.Status200OK, (await inside).StatusCode);
    }

    [Fact]
    public async Task Draining_gives_up_on_those_who_never_finish()
    {
        var intake = new Intake(10);
        var stuck = Pipeline(intake, _ => new TaskCompletionSource().Task)();

        await intake.DrainAsync(TimeSpan.FromMilliseconds(20), TimeProvider.System);

        Assert.False(stuck.IsCompleted);
    }

    private static Func<Task<HttpResponse>> Pipeline(Intake intake, RequestDelegate endpoint)
    {
        var services = new ServiceCollection().BuildServiceProvider();
        var app = new ApplicationBuilder(services);
        intake.Use(app);
        app.Run(endpoint);
        var pipeline = app.Build();
        return async () =>
        {
            var context = new DefaultHttpContext { RequestServices = services };
            await pipeline(context);
            return context.Response;
        };
    }
}
