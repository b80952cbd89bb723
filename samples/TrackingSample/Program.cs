// Fits a line to noisy points, once for each learning rate, and asks the server which of them came out best.
// The server is the one that SLIPWAY_SERVER names (the one on this machine where it names none), with the token of
// SLIPWAY_TOKEN. The first argument is how many milliseconds a step takes, for training that is not over at once.
using System.Globalization;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;

var stepTime = TimeSpan.FromMilliseconds(args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 0);
var random = new Random(7);
var points = Enumerable
    .Range(0, 200)
    .Select(_ => random.NextDouble())
    .Select(x => (X: x, Y: (3 * x) + 1 + (random.NextDouble() / 10)))
    .ToList();

await using var client = SlipwayClient.FromEnvironment();

foreach (var rate in new[] { 0.01, 0.1, 0.5 })
{
    await using var run = await client.StartRunAsync("line", $"rate {rate}");
    run.Param("learning_rate", rate);
    run.Tag("team", "samples");
    run.Link(
        new RunLinks
        {
            Datasets =
            [
                new DatasetInput
                {
                    Name = "noisy-line",
                    Digest = "seed-7",
                    SourceType = "code",
                    Source = "TrackingSample",
                },
            ],
        }
    );

    var (slope, intercept) = (0.0, 0.0);
    for (var step = 0; step < 100; step++)
    {
        var errors = points.ConvertAll(point => (slope * point.X) + intercept - point.Y);
        run.Log("loss", errors.Average(error => error * error), step);
        slope -= rate * 2 * errors.Zip(points, (error, point) => error * point.X).Average();
        intercept -= rate * 2 * errors.Average();
        await Task.Delay(stepTime);
    }
    await run.FinishAsync();
    if (run.LastFault is { } fault)
        Console.WriteLine($"{run.Unsent} requests wait on disk: {fault.Message}");
}

var experiment = await client.Experiments.EnsureAsync("line");
var query = new RunQuery
{
    ExperimentIds = [experiment.Id],
    Filter = "metrics.loss < 1 AND params.learning_rate IN ('0.01', '0.1', '0.5')",
    OrderBy = ["metrics.loss ASC"],
};
await foreach (var run in client.Runs.SearchAsync(query))
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{run.Name, -10} loss {run.Metrics["loss"].Value:0.0000}  {run.Id}"
        )
    );
