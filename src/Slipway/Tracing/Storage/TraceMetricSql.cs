using System.Globalization;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Tracing.Storage;

/// <summary>
/// Answers metric questions: SQL groups, counts and sums; only percentiles, which the databases reckon differently or
/// not at all, are taken from the values themselves.
/// </summary>
internal sealed class TraceMetricSql(Tx tx, TraceMetricQuery query)
{
    private const string BucketLabel = "time_bucket";

    private readonly SqlArguments arguments = new(tx.Dialect);

    /// <summary>Every group, ordered by its dimensions. Groups that lack a dimension or have no value are left out.</summary>
    public List<TraceMetricPoint> Points()
    {
        var dimensions = query.Dimensions.Select(d => (Name: d, Sql: Dimension(d))).ToList();
        if (query.BucketMs > 0)
        {
            var size = query.BucketMs.ToString(CultureInfo.InvariantCulture);
            dimensions.Insert(0, (BucketLabel, $"({TimeColumn} / {size} * {size})"));
        }
        var groups = query.Aggregations.Any(a => a.Kind == AggregationKind.Percentile)
            ? FromValues(dimensions)
            : FromSums(dimensions);
        return
        [
            .. groups
                .Where(group => group.Key.All(part => part is not null) && group.Values.Count > 0)
                .OrderBy(group => group.Key, Comparer<string?[]>.Create(Compare))
                .Select(group => new TraceMetricPoint(
                    [.. dimensions.Select((d, i) => KeyValuePair.Create(d.Name, group.Key[i]!))],
                    group.Values
                )),
        ];
    }

    private string TimeColumn =>
        query.View switch
        {
            TraceMetricView.Traces => "t.request_ms",
            TraceMetricView.Spans => "(s.start_ns / 1000000)",
            _ => "a.created_ms",
        };

    private string Source =>
        query.View switch
        {
            TraceMetricView.Traces => "tracing_traces t",
            TraceMetricView.Spans => "tracing_traces t join tracing_spans s on s.trace_no = t.trace_no",
            _ => "tracing_traces t join tracing_assessments a on a.trace_no = t.trace_no",
        };

    private string Value =>
        (query.View, query.Metric) switch
        {
            (TraceMetricView.Traces, "latency") => "t.duration_ms",
            (TraceMetricView.Traces, "cache_read_input_tokens") => "t.cache_read_tokens",
            (TraceMetricView.Traces, "cache_creation_input_tokens") => "t.cache_write_tokens",
            (TraceMetricView.Traces, "input_tokens" or "output_tokens" or "total_tokens") => "t." + query.Metric,
            (TraceMetricView.Spans, "latency") => "((s.end_ns - s.start_ns) / 1000000)",
            (TraceMetricView.Spans, "input_cost" or "output_cost" or "total_cost") => "s." + query.Metric,
            (TraceMetricView.Assessments, "assessment_value") => "a.number",
            _ => "1",
        };

    private List<(string?[] Key, List<KeyValuePair<string, double>> Values)> FromSums(
        List<(string Name, string Sql)> dimensions
    )
    {
        var columns = string.Concat(dimensions.Select(d => d.Sql + ", "));
        var grouping =
            dimensions.Count == 0 ? "" : " group by " + string.Join(", ", Enumerable.Range(1, dimensions.Count));
        return tx.Many(
            $"select {columns}count({Value}), cast(sum({Value}) as double precision) from {Source} where {Where()}{grouping}",
            r =>
            {
                var key = Key(r, dimensions);
                var count = r.Long(key.Length);
                var values = new List<KeyValuePair<string, double>>();
                foreach (var aggregation in query.Aggregations)
                {
                    if (aggregation.Kind == AggregationKind.Count)
                        values.Add(KeyValuePair.Create(aggregation.Label, (double)count));
                    else if (count > 0)
                        values.Add(
                            KeyValuePair.Create(
                                aggregation.Label,
                                r.Double(key.Length + 1) / (aggregation.Kind == AggregationKind.Average ? count : 1)
                            )
                        );
                }
                return (key, values);
            },
            arguments.Span
        );
    }

    private List<(string?[] Key, List<KeyValuePair<string, double>> Values)> FromValues(
        List<(string Name, string Sql)> dimensions
    )
    {
        var groups = new Dictionary<string, (string?[] Key, List<double> Values)>();
        var columns = string.Concat(dimensions.Select(d => d.Sql + ", "));
        tx.Each(
            $"select {columns}cast({Value} as double precision) from {Source} where {Where()} and {Value} is not null",
            r =>
            {
                var key = Key(r, dimensions);
                var name = string.Join('\0', key);
                if (!groups.TryGetValue(name, out var group))
                    groups.Add(name, group = (key, []));
                group.Values.Add(r.Double(key.Length));
            },
            arguments.Span
        );
        return [.. groups.Values.Select(group => (group.Key, Aggregated(group.Values)))];
    }

    private List<KeyValuePair<string, double>> Aggregated(List<double> values)
    {
        values.Sort();
        return
        [
            .. query.Aggregations.Select(aggregation =>
                KeyValuePair.Create(
                    aggregation.Label,
                    aggregation.Kind switch
                    {
                        AggregationKind.Count => values.Count,
                        AggregationKind.Sum => values.Sum(),
                        AggregationKind.Average => values.Average(),
                        _ => Percentile(values, aggregation.Percentile / 100),
                    }
                )
            ),
        ];
    }

    /// <summary>Between the two values next to the place, in proportion (Hyndman and Fan's seventh way).</summary>
    private static double Percentile(List<double> sorted, double fraction)
    {
        var place = fraction * (sorted.Count - 1);
        var below = (int)Math.Floor(place);
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }

    private string?[] Key(Row r, List<(string Name, string Sql)> dimensions)
    {
        var key = new string?[dimensions.Count];
        for (var i = 0; i < key.Length; i++)
            key[i] = dimensions[i].Name switch
            {
                BucketLabel => DateTimeOffset
                    .FromUnixTimeMilliseconds(r.Long(i))
                    .ToString("yyyy-MM-ddTHH:mm:ss+00:00", CultureInfo.InvariantCulture),
                "trace_status" => TraceSql.NameOf((TraceState)r.Int(i)),
                "span_status" => TraceSql.NameOf((SpanStatus)r.Int(i)),
                _ => r.TextOrNull(i),
            };
        return key;
    }

    private string Dimension(string name) =>
        name switch
        {
            "trace_name" => TraceSql.Ordered(new TraceField(TraceFieldKind.Name, ""), arguments),
            "trace_status" => "t.state",
            "span_name" => "s.name",
            "span_type" => "s.type",
            "span_status" => "s.status",
            "span_model_name" => "s.model",
            "span_model_provider" => "s.provider",
            "assessment_name" => "a.name",
            _ => "a.value",
        };

    private string Where()
    {
        var conditions = new List<string> { arguments.AnyOf("t.experiment_id", query.ExperimentIds) };
        if (query.StartMs is { } start)
            conditions.Add($"t.request_ms >= {arguments.Add(start)}");
        if (query.EndMs is { } end)
            conditions.Add($"t.request_ms <= {arguments.Add(end)}");
        foreach (var filter in query.Filters)
        {
            if (filter is Filter.Any or Filter.Not)
                throw Refused("Filters of metrics are comparisons joined by AND.");
            conditions.AddRange(filter.Comparisons().Select(Condition));
        }
        return string.Join(" and ", conditions);
    }

    private string Condition(Filter.Comparison comparison)
    {
        if (comparison is not { Operator: FilterOperator.Equal, Value: FilterValue.Text })
            throw Refused(
                $"Invalid comparator: '{comparison.Operator.Symbol()}', only '=' operator is supported, with a text in quotes."
            );
        var test = ValueTest.Of(comparison);
        var (entity, key) = (comparison.Field.Entity, comparison.Field.Key);
        RequireView(entity);
        return (entity, key) switch
        {
            ("trace", "status") => TraceSql.Of(new TraceField(TraceFieldKind.State, key), test, arguments),
            ("trace", _) when After(key, "tag.") is { } tag => TraceSql.Of(
                new TraceField(TraceFieldKind.Tag, tag),
                test,
                arguments
            ),
            ("trace", _) when After(key, "metadata.") is { } metadata => TraceSql.Of(
                new TraceField(TraceFieldKind.Metadata, metadata),
                test,
                arguments
            ),
            ("span", "name") => test.Sql("s.name", arguments),
            ("span", "type") => $"(s.type is not null and {test.Sql("s.type", arguments)})",
            ("span", "status") => TraceSql.SpanStatusSql(test, arguments),
            ("assessment", "name") => test.Sql("a.name", arguments),
            ("assessment", "type") => TraceSql.AssessmentKindSql(test, arguments),
            _ => throw Refused(
                $"Invalid field '{comparison.Field}'. Those there are: trace.status, trace.tag.<key>, trace.metadata.<key>, span.name, span.type, span.status, assessment.name and assessment.type."
            ),
        };
    }

    private void RequireView(string? entity)
    {
        var fits = entity switch
        {
            "span" => query.View == TraceMetricView.Spans,
            "assessment" => query.View == TraceMetricView.Assessments,
            _ => true,
        };
        if (!fits)
            throw Refused($"Filtering by {entity} is only supported where the metric is one of {entity}s.");
    }

    private static string? After(string key, string prefix) =>
        key.Length > prefix.Length && key.StartsWith(prefix, StringComparison.Ordinal) ? key[prefix.Length..] : null;

    private static int Compare(string?[]? left, string?[]? right)
    {
        for (var i = 0; i < left!.Length; i++)
        {
            var order = string.CompareOrdinal(left[i], right![i]);
            if (order != 0)
                return order;
        }
        return 0;
    }

    private static Fault Refused(string why) => Fault.Invalid("trace.metric", why, "filters");
}
