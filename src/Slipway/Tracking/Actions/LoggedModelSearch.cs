using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>
/// Filters and orders logged models, which come with their metrics where the question is about those. A comparison of
/// a metric holds when it holds for one of the points that count; models are ordered by the latest of them.
/// </summary>
internal sealed class LoggedModelSearch
{
    private readonly LoggedModelQuery query;
    private readonly Predicate<LoggedModel> matches;
    private readonly List<(LoggedModelField Field, LoggedModelOrder Order)> order;
    private readonly HashSet<DatasetKey> datasets;

    /// <summary>Refuses a query that cannot be answered, before anything is read.</summary>
    public LoggedModelSearch(LoggedModelQuery query)
    {
        this.query = query;
        datasets = [.. query.Datasets];
        matches = Compile(query.Filter);
        order = [.. query.Order.Select(item => (Ordered(item.Field), item))];
    }

    /// <summary>Whether the question is about metrics, so that the models need to have them.</summary>
    public bool AsksMetrics =>
        datasets.Count > 0
        || order.Exists(item => item.Field.Kind == LoggedModelFieldKind.Metric)
        || query.Filter.Comparisons().Any(c => LoggedModelField.Of(c.Field).Kind == LoggedModelFieldKind.Metric);

    public (List<LoggedModel> Page, int? NextOffset) Find(IEnumerable<LoggedModel> models)
    {
        var found = models
            .Where(model => (datasets.Count == 0 || model.Metrics.Any(OnDatasets)) && matches(model))
            .Select(model => (Model: model, Keys: order.ConvertAll(item => KeyOf(model, item.Field, item.Order))))
            .ToList();
        found.Sort((a, b) => Compare(a.Model, a.Keys, b.Model, b.Keys));
        var page = found.Skip(query.Offset).Take(query.Limit).Select(item => item.Model).ToList();
        var next = query.Offset + page.Count;
        return (page, next < found.Count ? next : null);
    }

    private bool OnDatasets(ModelMetric metric) =>
        datasets.Count == 0
        || datasets.Contains(new DatasetKey(metric.Metric.DatasetName ?? "", metric.Metric.DatasetDigest ?? ""));

    private int Compare(LoggedModel a, List<SortKey> keysOfA, LoggedModel b, List<SortKey> keysOfB)
    {
        for (var i = 0; i < order.Count; i++)
        {
            var byField = keysOfA[i].CompareTo(keysOfB[i], order[i].Order.Ascending);
            if (byField != 0)
                return byField;
        }
        var byAge = b.CreatedMs.CompareTo(a.CreatedMs);
        return byAge != 0 ? byAge : b.Number.CompareTo(a.Number);
    }

    private static LoggedModelField Ordered(FilterField field) =>
        LoggedModelField.Of(field) is { Kind: not (LoggedModelFieldKind.Param or LoggedModelFieldKind.Tag) } ordered
            ? ordered
            : throw Fault.Invalid(
                "model.search_order",
                $"Invalid order by field name: {field}. Models are ordered by attributes and metrics.",
                "order_by"
            );

    private static SortKey KeyOf(LoggedModel model, LoggedModelField field, LoggedModelOrder item)
    {
        switch (field.Kind)
        {
            case LoggedModelFieldKind.Text:
                return new SortKey(0, 0, Text(model, field.Key));
            case LoggedModelFieldKind.Time:
                return new SortKey(0, Time(model, field.Key), null);
            default:
                var points = model
                    .Metrics.Where(m => m.Metric.Key == field.Key && IsOn(m.Metric, item))
                    .Select(m => m.Metric.Point)
                    .ToList();
                return points.Count == 0 ? SortKey.Missing : NumberKey(points.Max().Value);
        }
    }

    private static SortKey NumberKey(double value) =>
        double.IsNaN(value) ? new SortKey(1, 0, null) : new SortKey(0, value, null);

    private static bool IsOn(Metric metric, LoggedModelOrder item) =>
        (string.IsNullOrEmpty(item.DatasetName) || metric.DatasetName == item.DatasetName)
        && (string.IsNullOrEmpty(item.DatasetDigest) || metric.DatasetDigest == item.DatasetDigest);

    private Predicate<LoggedModel> Compile(Filter filter)
    {
        switch (filter)
        {
            case Filter.All all:
                var every = all.Parts.Select(Compile).ToArray();
                return model => Array.TrueForAll(every, part => part(model));
            case Filter.Any any:
                var some = any.Parts.Select(Compile).ToArray();
                return model => Array.Exists(some, part => part(model));
            case Filter.Not not:
                var inner = Compile(not.Part);
                return model => !inner(model);
            default:
                return Compile((Filter.Comparison)filter);
        }
    }

    private Predicate<LoggedModel> Compile(Filter.Comparison comparison)
    {
        var field = LoggedModelField.Of(comparison.Field);
        RunFieldRules.Check(RuleOf(field), comparison);
        switch (field.Kind)
        {
            case LoggedModelFieldKind.Text:
                var text = TextCondition.Of(comparison);
                return model => text(Text(model, field.Key));
            case LoggedModelFieldKind.Time:
                var time = NumberCondition.Of(comparison);
                return model => time(Time(model, field.Key));
            case LoggedModelFieldKind.Metric:
                var number = NumberCondition.Of(comparison);
                return model =>
                    model.Metrics.Any(m => m.Metric.Key == field.Key && OnDatasets(m) && number(m.Metric.Point.Value));
            case LoggedModelFieldKind.Param:
                return EntryCondition(comparison, model => model.Params);
            default:
                return EntryCondition(comparison, model => model.Tags);
        }
    }

    private static Predicate<LoggedModel> EntryCondition(
        Filter.Comparison comparison,
        Func<LoggedModel, IReadOnlyDictionary<string, string>> entries
    )
    {
        var key = comparison.Field.Key;
        switch (comparison.Operator)
        {
            case FilterOperator.IsNull:
                return model => !entries(model).ContainsKey(key);
            case FilterOperator.IsNotNull:
                return model => entries(model).ContainsKey(key);
            default:
                var holds = TextCondition.Of(comparison);
                return model => entries(model).TryGetValue(key, out var value) && holds(value);
        }
    }

    /// <summary>The field of runs that takes the same comparisons.</summary>
    private static RunField RuleOf(LoggedModelField field) =>
        field.Kind switch
        {
            LoggedModelFieldKind.Text => new RunField(RunFieldKind.Attribute, "run_name"),
            LoggedModelFieldKind.Time => new RunField(RunFieldKind.Attribute, "start_time"),
            LoggedModelFieldKind.Metric => new RunField(RunFieldKind.Metric, field.Key),
            LoggedModelFieldKind.Param => new RunField(RunFieldKind.Param, field.Key),
            _ => new RunField(RunFieldKind.Tag, field.Key),
        };

    private static string Text(LoggedModel model, string key) =>
        key switch
        {
            "name" => model.Name,
            "model_id" => model.Id,
            "model_type" => model.Type,
            "source_run_id" => model.SourceRunId,
            "artifact_uri" => model.ArtifactUri,
            "experiment_id" => Experiments.IdText(model.ExperimentId),
            // The names under which clients see it.
            _ => model.Status switch
            {
                LoggedModelStatus.Pending => "LOGGED_MODEL_PENDING",
                LoggedModelStatus.Ready => "LOGGED_MODEL_READY",
                _ => "LOGGED_MODEL_UPLOAD_FAILED",
            },
        };

    private static long Time(LoggedModel model, string key) =>
        key == "creation_timestamp" ? model.CreatedMs : model.UpdatedMs;
}
