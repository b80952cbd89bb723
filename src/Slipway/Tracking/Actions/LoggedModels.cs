using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>The verbs of logged models. Who may do what is decided by the experiment they belong to.</summary>
public sealed partial class LoggedModels
{
    public const int SearchLimit = 50_000;

    private readonly Db db;
    private readonly ModelSeriesStore series;
    private readonly RowNumbers numbers;
    private readonly EventLog events;
    private readonly TimeProvider clock;

    internal LoggedModels(Db db, ModelSeriesStore series, RowNumbers numbers, EventLog events, TimeProvider clock)
    {
        this.db = db;
        this.series = series;
        this.numbers = numbers;
        this.events = events;
        this.clock = clock;
    }

    /// <summary>Names a model whose files are about to be written; without a name it gets one.</summary>
    public Task<LoggedModel> CreateAsync(
        Caller caller,
        NewLoggedModel request,
        CancellationToken cancellation = default
    )
    {
        var name = string.IsNullOrEmpty(request.Name) ? RunNames.Make() : request.Name;
        LoggedModelRules.Name(name);
        var parameters = LoggedModelRules.EntriesOfNew(request.Params, "params");
        var tags = LoggedModelRules.EntriesOfNew(request.Tags, "tags");
        var id = $"m-{Guid.NewGuid():N}";
        return db.WriteAsync(
            tx =>
            {
                var experiment = Experiments.Find(tx, caller, request.ExperimentId, Level.Edit);
                Experiments.RequireActive(experiment);
                var now = Now();
                var model = new LoggedModel
                {
                    Number = numbers.Next(),
                    Id = id,
                    ExperimentId = experiment.Id,
                    Name = name,
                    Type = request.Type,
                    SourceRunId = request.SourceRunId,
                    ArtifactUri = $"{experiment.ArtifactLocation.TrimEnd('/')}/models/{id}/artifacts",
                    CreatedMs = now,
                    UpdatedMs = now,
                    Params = parameters,
                    Tags = tags,
                };
                LoggedModelStore.Insert(tx, model);
                events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ModelCreated, model));
                return model;
            },
            cancellation
        );
    }

    public Task<LoggedModel> GetAsync(Caller caller, string id, CancellationToken cancellation = default) =>
        db.ReadAsync(
            tx => WithMetrics(tx, Allow(caller, Level.Read, LoggedModelStore.Find(tx, caller.Workspace, id), id)),
            cancellation
        );

    /// <summary>Says that the model's files are all there, or will never be.</summary>
    public Task<LoggedModel> FinalizeAsync(
        Caller caller,
        string id,
        LoggedModelStatus status,
        CancellationToken cancellation = default
    ) =>
        ChangeAsync(
            caller,
            id,
            model => model with { Status = status, UpdatedMs = Now() },
            TrackingEvents.ModelFinalized,
            cancellation
        );

    /// <summary>Moves the model into the bin; one that is there already stays there.</summary>
    public Task DeleteAsync(Caller caller, string id, CancellationToken cancellation = default) =>
        db.ReclaimAsync(
            tx =>
            {
                var (model, deleted) = FindForUpdate(tx, caller, Level.Manage, id);
                if (deleted)
                    return;
                LoggedModelStore.Delete(tx, model.Number, Now());
                events.Append(tx, TrackingEvents.Of(caller, TrackingEvents.ModelDeleted, model));
            },
            cancellation
        );

    public Task SetTagsAsync(
        Caller caller,
        string id,
        IReadOnlyList<Entry> tags,
        CancellationToken cancellation = default
    )
    {
        var added = LoggedModelRules.Entries(tags, "tags");
        return ChangeAsync(
            caller,
            id,
            model => model with { Tags = Merged(model.Tags, added) },
            eventKind: null,
            cancellation
        );
    }

    public Task DeleteTagAsync(Caller caller, string id, string key, CancellationToken cancellation = default) =>
        ChangeAsync(
            caller,
            id,
            model =>
            {
                var tags = new Dictionary<string, string>(model.Tags);
                if (!tags.Remove(key))
                    throw Fault.NotFound(
                        "model.tag_not_found",
                        $"No tag with key '{key}' found for model with ID '{id}'."
                    );
                return model with { Tags = tags };
            },
            eventKind: null,
            cancellation
        );

    /// <summary>Adds parameters. The same value again changes nothing; another value is refused, as for runs.</summary>
    public Task LogParamsAsync(
        Caller caller,
        string id,
        IReadOnlyList<Entry> parameters,
        CancellationToken cancellation = default
    )
    {
        var added = LoggedModelRules.Entries(parameters, "params");
        return ChangeAsync(
            caller,
            id,
            model =>
            {
                foreach (var (key, value) in added)
                {
                    if (model.Params.TryGetValue(key, out var logged) && logged != value)
                        throw Fault.Invalid(
                            "model.param_changed",
                            $"Changing param values is not allowed. Param with key='{key}' was already logged with value='{logged}' for model ID='{id}'.",
                            "params"
                        );
                }
                return model with { Params = Merged(model.Params, added) };
            },
            eventKind: null,
            cancellation
        );
    }

    /// <summary>Experiments that do not exist, or that the caller may not see, hold no models.</summary>
    public Task<LoggedModelPage> SearchAsync(
        Caller caller,
        LoggedModelQuery query,
        CancellationToken cancellation = default
    )
    {
        if (query.Limit is < 1 or > SearchLimit)
            throw Fault.Invalid(
                "model.search_limit",
                $"A search returns between 1 and {SearchLimit} models at a time.",
                "max_results"
            );
        var search = new LoggedModelSearch(query);
        return db.ReadAsync(
            tx =>
            {
                var visible = query.ExperimentIds.Where(id =>
                    caller.Can(Level.Read, Resource.Experiment(Experiments.IdText(id)))
                    && ExperimentStore.Find(tx, caller.Workspace, id) is not null
                );
                var models = LoggedModelStore.OfExperiments(tx, [.. visible]);
                var (page, next) = search.Find(search.AsksMetrics ? WithMetrics(tx, models) : models);
                return new LoggedModelPage(search.AsksMetrics ? page : WithMetrics(tx, page), next);
            },
            cancellation
        );
    }

    /// <summary>The model that a metric names, in the bin or not: what is measured on it is not lost for that. Null where
    /// there is none.</summary>
    internal static LoggedModel? FindMeasured(Tx tx, Caller caller, string id) =>
        LoggedModelStore.FindForUpdate(tx, caller.Workspace, id) is { } found
            ? Allow(caller, Level.Edit, found.Model, id)
            : null;

    internal static string ArtifactAddressOf(Tx tx, Caller caller, string id, Level level) =>
        Find(tx, caller, id, level).ArtifactUri;

    /// <summary>The model without its metrics, or a refusal that says no more than the caller may know.</summary>
    internal static LoggedModel Find(Tx tx, Caller caller, string id, Level level) =>
        Allow(caller, level, LoggedModelStore.Find(tx, caller.Workspace, id), id);

    private Task<LoggedModel> ChangeAsync(
        Caller caller,
        string id,
        Func<LoggedModel, LoggedModel> change,
        string? eventKind,
        CancellationToken cancellation
    ) =>
        db.WriteAsync(
            tx =>
            {
                var (model, deleted) = FindForUpdate(tx, caller, Level.Edit, id);
                if (deleted)
                    throw NotFound(id);
                var changed = change(model);
                LoggedModelStore.Update(tx, changed);
                if (eventKind is not null)
                    events.Append(tx, TrackingEvents.Of(caller, eventKind, changed));
                return WithMetrics(tx, changed);
            },
            cancellation
        );

    private static (LoggedModel Model, bool Deleted) FindForUpdate(Tx tx, Caller caller, Level level, string id)
    {
        var found = LoggedModelStore.FindForUpdate(tx, caller.Workspace, id);
        Allow(caller, level, found?.Model, id);
        return found!.Value;
    }

    private static LoggedModel Allow(Caller caller, Level level, LoggedModel? model, string id)
    {
        if (model is null)
            throw NotFound(id);
        caller.Require(level, Resource.Experiment(Experiments.IdText(model.ExperimentId)));
        return model;
    }

    private LoggedModel WithMetrics(Tx tx, LoggedModel model) => WithMetrics(tx, [model])[0];

    private List<LoggedModel> WithMetrics(Tx tx, List<LoggedModel> models)
    {
        var metrics = series.MetricsOf(tx, models.ConvertAll(model => model.Number));
        return models.ConvertAll(model => model with { Metrics = [.. metrics[model.Number]] });
    }

    private static Dictionary<string, string> Merged(
        IReadOnlyDictionary<string, string> known,
        Dictionary<string, string> added
    )
    {
        var merged = new Dictionary<string, string>(known);
        foreach (var (key, value) in added)
            merged[key] = value;
        return merged;
    }

    private static Fault NotFound(string id) =>
        Fault.NotFound("model.not_found", $"Logged model with ID '{id}' not found.");

    private long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
