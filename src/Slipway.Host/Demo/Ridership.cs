using System.Globalization;

namespace Slipway.Host.Demo;

/// <summary>
/// Daily rides at Clark/Lake in Chicago, 2001 to 2016, with the rides of other stations a fortnight before, the weather
/// and the games of the day. Split in time: the last two years are what a model has to foretell.
/// </summary>
internal sealed class Ridership
{
    private const int TestDays = 730;

    private static readonly string[] Weather = ["temp", "wind", "percip", "weather_rain", "weather_snow", "humidity"];

    private readonly string[] names;
    private readonly double[][] rows;

    private Ridership(string[] names, double[][] rows)
    {
        this.names = names;
        this.rows = rows;
    }

    public int Days => rows.Length;

    public static Ridership Read()
    {
        using var reader = new StreamReader(typeof(Ridership).Assembly.GetManifestResourceStream("chicago.csv")!);
        var head = reader.ReadLine()!.Split(',').Select(name => name.Trim('"')).ToArray();
        var days = new List<double[]>();
        while (reader.ReadLine() is { } line)
            days.Add([.. line.Split(',').Select((text, i) => head[i] == "date" ? Weekday(text) : Number(text))]);
        return new Ridership(head, [.. days]);
    }

    /// <summary>The columns of a set by name: "calendar", "weather", "stations" or "all".</summary>
    public (double[][] Train, double[] TrainRides, double[][] Test, double[] TestRides) Split(string set)
    {
        var columns = Enumerable.Range(1, names.Length - 2).Where(i => IsIn(set, names[i])).ToArray();
        var features = Standardised([.. rows.Select(row => Features(row, columns, set))], rows.Length - TestDays);
        var rides = rows.Select(row => row[0]).ToArray();
        return (features[..^TestDays], rides[..^TestDays], features[^TestDays..], rides[^TestDays..]);
    }

    private static bool IsIn(string set, string name) =>
        set == "all"
        || (set == "weather" && Weather.Contains(name))
        || (set == "stations" && !name.Contains('_', StringComparison.Ordinal) && !Weather.Contains(name));

    private double[] Features(double[] row, int[] columns, string set)
    {
        var values = columns.Select(i => row[i]);
        var weekday = (int)row[^1];
        return set is "calendar" or "all"
            ? [.. values, .. Enumerable.Range(0, 7).Select(day => day == weekday ? 1.0 : 0)]
            : [.. values];
    }

    /// <summary>Mean 0 and deviation 1 as the training days have them, so that nothing of the test days leaks.</summary>
    private static double[][] Standardised(double[][] features, int trainDays)
    {
        for (var column = 0; column < features[0].Length; column++)
        {
            var train = features.Take(trainDays).Select(row => row[column]).ToArray();
            var mean = train.Average();
            var deviation = Math.Max(1e-9, Math.Sqrt(train.Average(value => (value - mean) * (value - mean))));
            foreach (var row in features)
                row[column] = (row[column] - mean) / deviation;
        }
        return features;
    }

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : 0;

    private static double Weekday(string text) =>
        (double)DateOnly.ParseExact(text.Trim('"'), "yyyy-MM-dd", CultureInfo.InvariantCulture).DayOfWeek;
}
