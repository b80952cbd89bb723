using System.Globalization;

namespace Slipway.Numerics.Bench;

/// <summary>CPU time of the whole process, since the neighbours on a shared machine move the clock on the wall.</summary>
internal static class Stopwatch
{
    private const int Rounds = 5;

    /// <summary>The first round warms up; the best of the others counts.</summary>
    public static void Measure<T>(string name, Func<T> work)
    {
        var best = TimeSpan.MaxValue;
        var result = work();
        for (var round = 0; round < Rounds; round++)
        {
            var before = Environment.CpuUsage.TotalTime;
            result = work();
            var used = Environment.CpuUsage.TotalTime - before;
            best = used < best ? used : best;
        }
        Console.WriteLine(
            string.Create(CultureInfo.InvariantCulture, $"{name, -45}{best.TotalMilliseconds, 10:F1} ms   {result}")
        );
    }
}
