using System.Globalization;
using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Sdk;
using Slipway.Tracking;
using Verbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls that read histories of metrics.</summary>
internal sealed class Metrics(Verbs runs)
{
    private const int PageLimit = 25_000;
    private const int SampleLimit = 2500;

    public async Task<Answer> History(Call call)
    {
        var fields = call.Fields;
        var runId = Runs.ReadId(fields);
        var key = fields.Required("metric_key");
        // No number above zero asks for as many as there are; more than a page has gets a page.
        var limit = fields.Whole("max_results") is > 0 and < PageLimit and var asked ? (int)asked : PageLimit;
        var offset = OffsetToken.Read(fields);
        MetricHistory history;
        try
        {
            history = await runs.HistoryAsync(call.Caller, runId, key, offset, limit, call.Cancellation);
        }
        catch (Fault fault) when (fault.Code == "run.not_found")
        {
            // MLflow looks for points only, and a run that it does not know has none.
            return Call.Empty;
        }
        return writer =>
        {
            Shapes.List(writer, "metrics"u8, history.Points, (json, point) => Shapes.Point(json, key, point));
            if (history.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, OffsetToken.Write(next));
        };
    }

    /// <summary>Whole histories of several runs, for the charts of MLflow's older pages.</summary>
    public async Task<Answer> Bulk(Call call)
    {
        var fields = call.Fields;
        var runIds = fields.Texts("run_id");
        if (runIds.Count == 0)
            throw Missing("GetMetricHistoryBulk request must specify at least one run_id.", "run_id");
        var key = fields.Text("metric_key");
        if (string.IsNullOrEmpty(key))
            throw Missing("GetMetricHistoryBulk request must specify a metric_key.", "metric_key");
        var limit = (int)Math.Min(fields.Whole("max_results") ?? PageLimit, PageLimit);
        var histories = await runs.HistoriesAsync(
            call.Caller,
            runIds.ToHashSet(StringComparer.Ordinal),
            key,
            call.Cancellation
        );
        var points = histories
            .OrderBy(history => history.RunId, StringComparer.Ordinal)
            .SelectMany(history => history.Points.Select(point => (history.RunId, Point: point)))
            .Take(limit)
            .ToList();
        return writer =>
        {
            Shapes.List(writer, "metrics"u8, points, (json, item) => WithRun(json, key, item));
            if (points.Count == 0)
            {
                writer.WriteStartArray("metrics"u8);
                writer.WriteEndArray();
            }
        };
    }

    /// <summary>As many points of several runs as a chart can show.</summary>
    public async Task<Answer> Interval(Call call)
    {
        var fields = call.Fields;
        var runIds = fields.Texts("run_ids");
        if (runIds.Count == 0)
            throw fields.Missing("run_ids");
        var key = fields.Required("metric_key");
        var (first, last) = (fields.Whole("start_step"), fields.Whole("end_step"));
        if (first.HasValue != last.HasValue)
            throw Missing(
                "If either start step or end step are specified, both must be specified.",
                first.HasValue ? "end_step" : "start_step"
            );
        var histories = await runs.SampledHistoriesAsync(
            call.Caller,
            runIds,
            key,
            first is { } from && last is { } to ? new StepRange(from, to) : null,
            Limit(fields, SampleLimit, SampleLimit),
            call.Cancellation
        );
        var points = histories
            .SelectMany(history => history.Points.Take(PageLimit).Select(point => (history.RunId, Point: point)))
            .ToList();
        return writer => Shapes.List(writer, "metrics"u8, points, (json, item) => WithRun(json, key, item));
    }

    private static int Limit(WireObject fields, int otherwise, int most)
    {
        var limit = fields.Whole("max_results") ?? otherwise;
        return limit >= 1 && limit <= most
            ? (int)limit
            : throw fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
    }

    private static void WithRun(Utf8JsonWriter writer, string key, (string RunId, MetricPoint Point) item)
    {
        Shapes.Point(writer, key, item.Point);
        writer.WriteString("run_id"u8, item.RunId);
    }

    private static Fault Missing(string sentence, string field) => Fault.Invalid("mlflow.missing", sentence, field);
}
