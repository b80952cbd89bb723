using System.Buffers.Binary;
using Slipway.Foundation.Events;
using Slipway.Foundation.Filters;
using Slipway.Foundation.Jobs;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Identity.Setup;
using Slipway.Tests.Kit;
using Slipway.Tracing;
using Slipway.Tracing.Actions;
using Slipway.Tracing.Setup;
using Slipway.Tracking.Actions;
using Slipway.Tracking.Setup;
using Slipway.Tracking.Storage;

namespace Slipway.Tests.Tracing;

/// <summary>The verbs of Tracing on a store of their own, with one experiment to work in.</summary>
internal sealed class TracingFixture : IAsyncDisposable
{
    private readonly AccessBook book;
    private int made;

    private TracingFixture(TestStore store)
    {
        Store = store;
        book = new AccessBook(store.Db, Clock);
        var events = new EventLog(Clock);
        var grants = new Grants(new Ledger(store.Db, book, events, Clock));
        Experiments = new Experiments(
            store.Db,
            grants,
            events,
            new Removals(new JobBoard(Clock), () => []),
            Quotas.None,
            Clock
        );
        Traces = new Traces(store.Db);
        Assessments = new Assessments(store.Db, Clock);
    }

    public TestStore Store { get; }

    public ManualClock Clock { get; } = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    public Experiments Experiments { get; }

    public Traces Traces { get; }

    public Assessments Assessments { get; }

    public Caller Caller { get; } = Caller.Operator();

    public long ExperimentId { get; private set; }

    public static async Task<TracingFixture> OpenAsync(string kind)
    {
        var fixture = new TracingFixture(
            await TestStore.OpenAsync(kind, EventsSetup.Room, IdentitySetup.Room, TrackingSetup.Room, TracingSetup.Room)
        );
        fixture.ExperimentId = (await fixture.Experiments.CreateAsync(fixture.Caller, "chat", null, [])).Id;
        return fixture;
    }

    public async Task<Trace> RecordAsync(Trace trace) => (await Traces.RecordAsync(Caller, trace)).Trace;

    public Task<Trace> RecordAsync(string id, long requestMs = 0) => RecordAsync(NewTrace(id, requestMs));

    public Trace NewTrace(string id, long requestMs = 0) =>
        new()
        {
            Id = id,
            ExperimentId = ExperimentId,
            RequestMs = requestMs,
            DurationMs = 100,
            State = TraceState.Ok,
            IsFinalized = true,
        };

    /// <summary>A span of a second from the given second on, the root of its trace unless a parent is named.</summary>
    public Span NewSpan(string traceId, string name = "step", int second = 1, ReadOnlyMemory<byte> parent = default)
    {
        var id = new byte[8];
        BinaryPrimitives.WriteInt32BigEndian(id, ++made);
        return new Span
        {
            OtelTraceId = new byte[16],
            Id = id,
            ParentId = parent,
            Name = name,
            StartNs = second * 1_000_000_000L,
            EndNs = (second + 1) * 1_000_000_000L,
            Attributes = [KeyValuePair.Create<string, AnyValue>(TraceKeys.SpanTraceId, new AnyValue.Text(traceId))],
        };
    }

    public Task AppendAsync(params Span[] spans) => Traces.AppendAsync(Caller, ExperimentId, spans);

    public async Task<RecordedTrace> GetAsync(string id) =>
        await Traces.GetRecordedAsync(Caller, id, allowPartial: true);

    public async Task<List<string>> SearchAsync(string filter, params string[] order) =>
        [.. (await PageAsync(filter, 500, null, order)).Traces.Select(t => t.Id)];

    public Task<TracePage> PageAsync(string filter, int limit, string? token, params string[] order) =>
        Traces.SearchAsync(
            Caller,
            new TraceQuery([ExperimentId])
            {
                Filter = Filter.Parse(filter),
                Order = OrderBy.ParseAll(order),
                Limit = limit,
                PageToken = token,
            }
        );

    public ValueTask DisposeAsync()
    {
        book.Dispose();
        return Store.DisposeAsync();
    }
}
