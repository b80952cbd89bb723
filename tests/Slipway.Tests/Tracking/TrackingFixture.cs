using Slipway.Foundation.Basics;
using Slipway.Foundation.Events;
using Slipway.Foundation.Jobs;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Identity.Setup;
using Slipway.Tests.Kit;
using Slipway.Tracking;
using Slipway.Tracking.Actions;
using Slipway.Tracking.Setup;
using Slipway.Tracking.Storage;

namespace Slipway.Tests.Tracking;

/// <summary>The verbs of Tracking on a store of their own, with one experiment to work in.</summary>
internal sealed class TrackingFixture : IAsyncDisposable
{
    private readonly AccessBook book;

    private TrackingFixture(TestStore store, Quotas quotas)
    {
        Store = store;
        var names = new MetricNames(quotas);
        Metrics = new MetricStore(names);
        Search = new RunSearch(names);
        Folding = new FoldingQueue();
        var clock = TimeProvider.System;
        var events = new EventLog(clock);
        Removals = new Removals(new JobBoard(clock), () => Claims);
        var numbers = new RowNumbers(clock);
        Series = new ModelSeriesStore(Metrics, numbers);
        Models = new LoggedModels(store.Db, Series, numbers, events, clock);
        book = new AccessBook(store.Db, clock);
        Grants = new Grants(new Ledger(store.Db, book, events, clock));
        Experiments = new Experiments(store.Db, Grants, events, Removals, quotas, clock);
        Runs = new Runs(
            store.Db,
            Experiments,
            Metrics,
            Series,
            new SeriesStore(names),
            new FollowStore(names),
            Search,
            Folding,
            numbers,
            events,
            Removals,
            quotas,
            clock
        );
        Bin = new Bin(store.Db, Experiments, events, Removals, quotas, new ClockWatch(clock));
    }

    public TestStore Store { get; }

    public MetricStore Metrics { get; }

    public ModelSeriesStore Series { get; }

    public RunSearch Search { get; }

    public FoldingQueue Folding { get; }

    public Runs Runs { get; }

    public LoggedModels Models { get; }

    public Experiments Experiments { get; }

    public Bin Bin { get; }

    public Grants Grants { get; }

    public Removals Removals { get; }

    /// <summary>Asked from the first purge on.</summary>
    public List<IArtifactClaim> Claims { get; } = [];

    public Caller Caller { get; } = Caller.Operator();

    public long ExperimentId { get; private set; }

    public static Task<TrackingFixture> OpenAsync(string kind, params Room[] above) =>
        OpenAsync(kind, Quotas.None, above);

    public static async Task<TrackingFixture> OpenAsync(string kind, Quotas quotas, params Room[] above)
    {
        var fixture = new TrackingFixture(
            await TestStore.OpenAsync(
                kind,
                [EventsSetup.Room, JobsSetup.Room, IdentitySetup.Room, TrackingSetup.Room, .. above]
            ),
            quotas
        );
        fixture.ExperimentId = (await fixture.Experiments.CreateAsync(fixture.Caller, "fares", null, [])).Id;
        return fixture;
    }

    public async Task<Run> StartAsync(string? name = null, long startMs = 0, params Entry[] tags) =>
        await Runs.CreateAsync(
            Caller,
            new NewRun(ExperimentId)
            {
                Name = name,
                StartMs = startMs,
                Tags = tags,
            }
        );

    /// <summary>In batches, as large as the verb takes them.</summary>
    public async Task LogAsync(Run run, params Metric[] metrics)
    {
        foreach (var batch in metrics.Chunk(1000))
            await Runs.LogAsync(Caller, run.Head.Id, new RunBatch { Metrics = batch });
    }

    public Task LogParamsAsync(Run run, params Entry[] entries) =>
        Runs.LogAsync(Caller, run.Head.Id, new RunBatch { Params = entries });

    public async Task<IReadOnlyList<MetricPoint>> HistoryAsync(Run run, string key) =>
        (await Runs.HistoryAsync(Caller, run.Head.Id, key, 0, int.MaxValue)).Points;

    public Task FoldAsync(Run run) => Store.Db.WriteAsync(tx => MetricStore.Fold(tx, run.Head.Number));

    public ValueTask DisposeAsync()
    {
        book.Dispose();
        return Store.DisposeAsync();
    }
}
