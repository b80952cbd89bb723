using System.Globalization;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Foundation.Filters;
using Verbs = Slipway.Tracking.Actions.Runs;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls that read histories of metrics.</summary>
internal sealed class Metrics(Verbs runs)
{
    private const int PageLimit = 25_000;

    public async Task<Answer> History(Call call)
    {
        var fields = call.Fields;
        var runId = Runs.ReadId(fields);
        var key = fields.Required("metric_key");
        var limit = fields.Whole("max_results") ?? PageLimit;
        if (limit is < 1 or > PageLimit)
            throw fields.Invalid("max_results", limit.ToString(CultureInfo.InvariantCulture));
        var offset = (int)PageToken.ReadOffset(fields.Text("page_token"), "history");
        var history = await runs.HistoryAsync(call.Caller, runId, key, offset, (int)limit, call.Cancellation);
        return writer =>
        {
            if (history.Points.Count > 0)
            {
                writer.WriteStartArray("metrics"u8);
                foreach (var point in history.Points)
                {
                    writer.WriteStartObject();
                    Shapes.Point(writer, key, point);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            if (history.NextOffset is { } next)
                writer.WriteString("next_page_token"u8, PageToken.Offset("history", next));
        };
    }
}
