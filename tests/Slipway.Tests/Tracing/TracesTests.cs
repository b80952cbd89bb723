using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracing;
using Slipway.Tracking;
using Slipway.Tracking.Storage;

namespace Slipway.Tests.Tracing;

public sealed class TracesTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_trace_comes_into_being_with_its_first_spans(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var root = tracing.NewSpan("t", "answer", second: 2);
        var child = tracing.NewSpan("t", "look up", second: 1, parent: root.Id);
        await tracing.AppendAsync(child);
        var open = await tracing.GetAsync("t");
        Assert.Equal(
            (TraceState.InProgress, 1000L, 1000L),
            (open.Trace.State, open.Trace.RequestMs, open.Trace.DurationMs)
        );
        await tracing.AppendAsync(root with { Status = SpanStatus.Error });
        var ended = await tracing.GetAsync("t");
        Assert.Equal(
            (TraceState.Error, 1000L, 2000L),
            (ended.Trace.State, ended.Trace.RequestMs, ended.Trace.DurationMs)
        );
        Assert.Equal(["answer", "look up"], ended.Spans.Select(s => s.Name));
        Assert.True(ended.Trace.HasSpans);
    }

    [Fact]
    public async Task What_a_trace_says_of_a_prompt_has_a_length()
    {
        await using var tracing = await TracingFixture.OpenAsync("sqlite");
        await tracing.AppendAsync(tracing.NewSpan("t"));
        foreach (var prompt in new[] { (new string('n', 501), "1"), ("greet", new string('1', 256)) })
        {
            var fault = await Assert.ThrowsAsync<Fault>(() =>
                tracing.Traces.LinkPromptsAsync(tracing.Caller, "t", [prompt])
            );
            Assert.Equal(FaultKind.Invalid, fault.Kind);
        }
        await tracing.Traces.LinkPromptsAsync(tracing.Caller, "t", [(new string('n', 500), "1")]);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Sending_the_same_spans_again_changes_nothing(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var span = tracing.NewSpan("t").With(TraceKeys.SpanTokenUsage, new TokenUsage(10, 5, 15).ToValue());
        await tracing.AppendAsync(span);
        var once = await tracing.GetAsync("t");
        await tracing.AppendAsync(span);
        var twice = await tracing.GetAsync("t");
        Assert.Single(twice.Spans);
        Assert.Equal(once.Trace.Metadata, twice.Trace.Metadata);
        Assert.Equal(
            "{\"input_tokens\": 10, \"output_tokens\": 5, \"total_tokens\": 15}",
            twice.Trace.Metadata[TraceKeys.TokenUsage]
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Head_and_spans_may_come_in_either_order(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var head = tracing.NewTrace("", 1500) with
        {
            State = TraceState.Error,
            Tags = new Dictionary<string, string> { ["a"] = "1" },
            Metadata = new Dictionary<string, string> { ["b"] = "2" },
        };
        await tracing.RecordAsync(head with { Id = "head first" });
        await tracing.AppendAsync(tracing.NewSpan("head first"));
        await tracing.AppendAsync(tracing.NewSpan("spans first"));
        await tracing.RecordAsync(head with { Id = "spans first" });
        foreach (var id in new[] { "head first", "spans first" })
        {
            var trace = (await tracing.GetAsync(id)).Trace;
            Assert.Equal(TraceState.Error, trace.State);
            Assert.Equal(("1", "2"), (trace.Tags["a"], trace.Metadata["b"]));
        }
        // Spans that come after the head widen it; a head that comes after the spans is the last word.
        Assert.Equal((1000L, 1000L), TimeOf(await tracing.GetAsync("head first")));
        Assert.Equal((1500L, 100L), TimeOf(await tracing.GetAsync("spans first")));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Spans_come_back_with_everything_they_had(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var span = Samples.FullSpan() with
        {
            Attributes = [.. Samples.FullSpan().Attributes, .. tracing.NewSpan("t").Attributes],
        };
        await tracing.AppendAsync(span);
        var back = Assert.Single((await tracing.GetAsync("t")).Spans);
        Assert.Equal(SpanJson.Write(span), SpanJson.Write(back));
        Assert.Equal((span.Kind, span.Flags, span.TraceState), (back.Kind, back.Flags, back.TraceState));
        Assert.Equal(span.Links.Single().TraceState, back.Links.Single().TraceState);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_part_of_a_trace_is_given_only_to_who_asks_for_parts(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.AppendAsync(tracing.NewSpan("t"));
        await tracing.RecordAsync(
            tracing.NewTrace("t") with
            {
                Metadata = new Dictionary<string, string> { [TraceKeys.SizeStats] = "{\"num_spans\": 2}" },
            }
        );
        Assert.Single((await tracing.GetAsync("t")).Spans);
        var fault = await Assert.ThrowsAsync<Fault>(() => tracing.Traces.GetRecordedAsync(tracing.Caller, "t", false));
        Assert.Equal("trace.partial", fault.Code);
        await tracing.AppendAsync(tracing.NewSpan("t"));
        Assert.Equal(2, (await tracing.Traces.GetRecordedAsync(tracing.Caller, "t", false)).Spans.Count);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Previews_session_user_and_tokens_are_derived_from_the_spans(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var root = tracing
            .NewSpan("t")
            .With("input.value", new AnyValue.Text("{\"messages\": [{\"role\": \"user\", \"content\": \"Hello\"}]}"))
            .With("output.value", new AnyValue.Text("Bye!"))
            .With("session.id", new AnyValue.Text("s1"));
        var call = tracing
            .NewSpan("t", parent: root.Id)
            .With("gen_ai.usage.input_tokens", new AnyValue.Whole(3))
            .With("gen_ai.usage.output_tokens", new AnyValue.Whole(4));
        await tracing.AppendAsync(root, call);
        var trace = (await tracing.GetAsync("t")).Trace;
        Assert.Equal(("Hello", "\"Bye!\""), (trace.RequestPreview, trace.ResponsePreview));
        Assert.Equal("\"s1\"", trace.Metadata[TraceKeys.Session]);
        Assert.Equal(new TokenUsage(3, 4, 7), TokenUsage.Of(new AnyValue.Text(trace.Metadata[TraceKeys.TokenUsage])));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_export_is_kept_whole_or_not_at_all(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var elsewhere = Caller.Operator(workspace: "elsewhere");
        await tracing.AppendAsync(tracing.NewSpan("theirs"));
        await Assert.ThrowsAsync<Fault>(() =>
            tracing.Traces.AppendAsync(
                elsewhere,
                tracing.ExperimentId,
                [tracing.NewSpan("new"), tracing.NewSpan("theirs")]
            )
        );
        await Assert.ThrowsAsync<Fault>(() => tracing.GetAsync("new"));
        Assert.Single((await tracing.GetAsync("theirs")).Spans);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_trace_of_another_workspace_does_not_exist_and_one_without_a_grant_is_refused(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.AppendAsync(tracing.NewSpan("t"));
        var stranger = Caller.Operator(workspace: "elsewhere");
        var reader = new Caller("ann", Caller.DefaultWorkspace, _ => Level.Read);
        var nobody = new Caller("bob", Caller.DefaultWorkspace, _ => Level.None);
        var tag = new Entry("a", "b");
        await RefusedAsync(FaultKind.NotFound, () => tracing.Traces.GetAsync(stranger, "t"));
        await RefusedAsync(FaultKind.NotFound, () => tracing.Traces.SetTagAsync(stranger, "t", tag));
        await RefusedAsync(FaultKind.Denied, () => tracing.Traces.GetAsync(nobody, "t"));
        await RefusedAsync(FaultKind.Denied, () => tracing.Traces.GetManyAsync(nobody, ["t"]));
        await RefusedAsync(FaultKind.Denied, () => tracing.Traces.SetTagAsync(reader, "t", tag));
        await RefusedAsync(FaultKind.Denied, () => tracing.Traces.DeleteAsync(reader, tracing.ExperimentId, ["t"]));
        Assert.Empty(await tracing.Traces.GetManyAsync(stranger, ["t"]));
        Assert.Empty((await tracing.Traces.SearchAsync(nobody, new TraceQuery([tracing.ExperimentId]))).Traces);
        Assert.Equal("t", (await tracing.Traces.GetAsync(reader, "t")).Id);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Tags_are_set_cut_and_deleted(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.RecordAsync("t");
        await tracing.Traces.SetTagAsync(tracing.Caller, "t", new Entry("k", "one"));
        await tracing.Traces.SetTagAsync(tracing.Caller, "t", new Entry("k", new string('x', 9000)));
        Assert.Equal(8000, (await tracing.Traces.GetAsync(tracing.Caller, "t")).Tags["k"].Length);
        await tracing.Traces.DeleteTagAsync(tracing.Caller, "t", "k");
        await RefusedAsync(FaultKind.NotFound, () => tracing.Traces.DeleteTagAsync(tracing.Caller, "t", "k"));
        await RefusedAsync(
            FaultKind.Invalid,
            () => tracing.Traces.SetTagAsync(tracing.Caller, "t", new Entry("../k", "v"))
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Deleting_takes_the_oldest_first_and_everything_that_hangs_on_them(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        for (var i = 0; i < 10; i++)
            await tracing.RecordAsync($"t{i}", i);
        await tracing.AppendAsync(tracing.NewSpan("t0"));
        var id = tracing.ExperimentId;
        Assert.Equal(3, await tracing.Traces.DeleteUntilAsync(tracing.Caller, id, 5, limit: 3));
        Assert.Equal(["t9", "t8", "t7", "t6", "t5", "t4", "t3"], await tracing.SearchAsync(""));
        Assert.Equal(3, await tracing.Traces.DeleteUntilAsync(tracing.Caller, id, 5, limit: null));
        Assert.Equal(2, await tracing.Traces.DeleteAsync(tracing.Caller, id, ["t9", "t8", "unknown"]));
        Assert.Equal(["t7", "t6"], await tracing.SearchAsync(""));
        await tracing.RecordAsync("t0");
        Assert.False((await tracing.Traces.GetAsync(tracing.Caller, "t0")).HasSpans);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task More_traces_than_fit_one_transaction_are_deleted(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.AppendAsync([.. Enumerable.Range(0, 1200).Select(i => tracing.NewSpan($"t{i}"))]);
        Assert.Equal(1200, await tracing.Traces.DeleteUntilAsync(tracing.Caller, tracing.ExperimentId, 5000, null));
        Assert.Empty(await tracing.SearchAsync(""));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_link_to_a_run_may_come_before_the_trace(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.Traces.LinkToRunAsync(tracing.Caller, ["later", "later"], "run1");
        await tracing.RecordAsync("later", 1);
        await tracing.RecordAsync(
            tracing.NewTrace("made in it", 2) with
            {
                Metadata = new Dictionary<string, string> { [TraceKeys.SourceRun] = "run1" },
            }
        );
        Assert.Equal(["made in it", "later"], await tracing.SearchAsync("run_id = 'run1'"));
        await RefusedAsync(
            FaultKind.Invalid,
            () => tracing.Traces.LinkToRunAsync(tracing.Caller, [.. Enumerable.Repeat("x", 101)], "run1")
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_trace_is_linked_to_runs_that_the_caller_may_change_or_nobody_has(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        const string run = "0123456789abcdef0123456789abcdef";
        var head = new RunHead
        {
            Number = 1,
            Id = run,
            ExperimentId = tracing.ExperimentId,
            Name = "of somebody",
            User = "",
            ArtifactUri = "",
        };
        await tracing.Store.Db.WriteAsync(tx =>
            RunStore.Insert(tx, new RunRow(head, Documents.Empty, Documents.Empty, Links: null))
        );
        var elsewhere = Caller.Operator(workspace: "elsewhere");
        var reader = new Caller(
            "reader",
            Caller.DefaultWorkspace,
            on => on.Kind == ResourceKind.Workspace ? Level.Use : Level.Read
        );

        await tracing.Traces.LinkToRunAsync(tracing.Caller, ["t"], run);
        await RefusedAsync(FaultKind.Denied, () => tracing.Traces.LinkToRunAsync(reader, ["t"], run));
        await RefusedAsync(FaultKind.NotFound, () => tracing.Traces.LinkToRunAsync(elsewhere, ["t"], run));
        await tracing.Traces.LinkToRunAsync(reader, ["t"], "not a run yet");
    }

    private static (long, long?) TimeOf(RecordedTrace recorded) =>
        (recorded.Trace.RequestMs, recorded.Trace.DurationMs);

    private static async Task RefusedAsync(FaultKind kind, Func<Task> verb) =>
        Assert.Equal(kind, (await Assert.ThrowsAsync<Fault>(verb)).Kind);
}
