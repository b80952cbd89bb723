using System.CommandLine;
using System.Globalization;
using System.Net;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Console;
using Slipway.Sdk;
using Slipway.Sdk.Tracking;

namespace Slipway.Host.Demo;

/// <summary>
/// `slipway demo`: everything that works so far, on real data. It starts a server, trains linear models on the rides of
/// a Chicago station with different features, logs them as any program would, compares them, and stays open.
/// </summary>
internal static class DemoCommand
{
    private const string Experiment = "chicago-ridership";
    private const int Epochs = 60;

    private static readonly Option<int> Port = new("--port")
    {
        Description = "Port on 127.0.0.1; 0 takes a free one.",
        DefaultValueFactory = _ => 5000,
    };

    private static readonly Option<bool> Once = new("--once")
    {
        Description = "End when everything was shown, instead of staying open.",
    };

    private static readonly Option<string> Data = new("--data")
    {
        Description = "Folder for what the demo stores; made when missing.",
        HelpName = "DIR",
        DefaultValueFactory = _ => "slipway-demo",
    };

    public static Command Create() =>
        new Command("demo", "Show what works, on real data, and leave the server open.") { Data, Port, Once }.Runs(
            (parsed, terminal, _) =>
            {
                var settings = new ServerSettings
                {
                    DataPath = parsed.GetRequiredValue(Data),
                    Listen = new IPEndPoint(IPAddress.Loopback, parsed.GetValue(Port)),
                };
                return Server.RunAsync(
                    settings,
                    Rooms.All,
                    address => ShowAsync(terminal, address, parsed.GetValue(Once))
                );
            }
        );

    /// <summary>True when the server is to go on.</summary>
    private static async Task<bool> ShowAsync(Terminal terminal, string address, bool once)
    {
        var ridership = Ridership.Read();
        terminal.Line($"Training on {ridership.Days} days of rides at Clark/Lake, Chicago; the last 730 are foretold.");
        await using var client = new SlipwayClient(address);
        foreach (var features in new[] { "calendar", "weather", "stations", "all" })
        {
            foreach (var ridge in new[] { 0.0, 0.1 })
                await TrainAsync(client, ridership, features, ridge);
        }
        var experiment = await client.Experiments.FindAsync(Experiment);
        var best = await client.Runs.SearchPageAsync(
            new RunQuery
            {
                ExperimentIds = [experiment!.Id],
                Filter = "metrics.test_rmse < 100 and status = 'FINISHED'",
                OrderBy = ["metrics.test_rmse"],
                PageSize = 8,
            }
        );
        terminal.Table(
            ["Run", "Features", "Ridge", "Train RMSE", "Test RMSE"],
            best.Items.Select(run =>
                new[]
                {
                    run.Name,
                    run.Params["features"],
                    run.Params["ridge"],
                    Figure(run, "train_rmse"),
                    Figure(run, "test_rmse"),
                }
            )
        );
        terminal.Line($"The same runs with any MLflow client: MLFLOW_TRACKING_URI={address}");
        if (!once)
            terminal.Line($"The server stays open at {address}. Ctrl+C ends it; the data stays.");
        return !once;
    }

    private static async Task TrainAsync(SlipwayClient client, Ridership ridership, string features, double ridge)
    {
        var (train, trainRides, test, testRides) = ridership.Split(features);
        await using var run = await client.StartRunAsync(
            Experiment,
            $"{features}-ridge-{ridge.ToString(CultureInfo.InvariantCulture)}"
        );
        run.Param("features", features);
        run.Param("ridge", ridge);
        run.Param("columns", train[0].Length);
        var model = new LinearModel(train[0].Length, ridge, trainRides.Average());
        for (var epoch = 1; epoch <= Epochs; epoch++)
        {
            model.Step(train, trainRides);
            run.Log("train_rmse", model.Error(train, trainRides), epoch);
            run.Log("test_rmse", model.Error(test, testRides), epoch);
        }
        await run.FinishAsync();
    }

    private static string Figure(RunResource run, string metric) =>
        run.Metrics[metric].Value.ToString("0.000", CultureInfo.InvariantCulture);
}
