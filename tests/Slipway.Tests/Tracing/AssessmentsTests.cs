using Slipway.Identity;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracing;
using Slipway.Tracking;

namespace Slipway.Tests.Tracing;

public sealed class AssessmentsTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task An_assessment_comes_back_with_everything_it_had(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.RecordAsync("t");
        var said = New("t") with
        {
            SpanId = "s",
            Value = AnyValue.ParseJson("{\"rating\": 4.0, \"why\": [\"good\", null]}")!,
            Error = new AssessmentError("TIMEOUT", "too slow", null),
            Rationale = "because",
            Metadata = [new Entry("model", "gpt-4")],
        };
        await tracing.Assessments.CreateAsync(tracing.Caller, said);
        var back = await tracing.Assessments.GetAsync(tracing.Caller, "t", said.Id);
        Assert.Equal(said with { Value = back.Value, Metadata = back.Metadata }, back);
        Assert.Equal(said.Value.ToString(), back.Value.ToString());
        Assert.Equal(said.Metadata, back.Metadata);
        Assert.Equal(said.Id, Assert.Single((await tracing.Traces.GetAsync(tracing.Caller, "t")).Assessments).Id);
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_change_touches_what_it_names_and_adds_to_the_metadata(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.RecordAsync("t");
        var said = New("t") with { Rationale = "because", Metadata = [new Entry("a", "1"), new Entry("b", "1")] };
        await tracing.Assessments.CreateAsync(tracing.Caller, said);
        tracing.Clock.Advance(TimeSpan.FromSeconds(5));
        var changed = await tracing.Assessments.UpdateAsync(
            tracing.Caller,
            "t",
            said.Id,
            new AssessmentChange
            {
                Value = new AnyValue.Flag(false),
                Metadata = [new Entry("b", "2"), new Entry("c", "2")],
            }
        );
        Assert.Equal((said.Name, "because", said.CreatedMs), (changed.Name, changed.Rationale, changed.CreatedMs));
        Assert.Equal(new AnyValue.Flag(false), changed.Value);
        Assert.Equal([new Entry("a", "1"), new Entry("b", "2"), new Entry("c", "2")], changed.Metadata);
        Assert.Equal(tracing.Clock.GetUtcNow().ToUnixTimeMilliseconds(), changed.UpdatedMs);
        await Assert.ThrowsAsync<Fault>(() =>
            tracing.Assessments.UpdateAsync(
                tracing.Caller,
                "t",
                said.Id,
                new AssessmentChange { Kind = AssessmentKind.Expectation, Value = new AnyValue.Flag(false) }
            )
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task What_is_overridden_is_not_valid_until_the_one_that_overrode_it_goes(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.RecordAsync("t");
        var first = New("t") with { Value = new AnyValue.Text("no") };
        var second = New("t") with { Value = new AnyValue.Text("yes"), Overrides = first.Id };
        await tracing.Assessments.CreateAsync(tracing.Caller, first);
        await tracing.Assessments.CreateAsync(tracing.Caller, second);
        Assert.False((await tracing.Assessments.GetAsync(tracing.Caller, "t", first.Id)).IsValid);
        Assert.Empty(await tracing.SearchAsync("feedback.good = 'no'"));
        await tracing.Assessments.DeleteAsync(tracing.Caller, "t", second.Id);
        Assert.Equal(["t"], await tracing.SearchAsync("feedback.good = 'no'"));
        await tracing.Assessments.DeleteAsync(tracing.Caller, "t", second.Id);
        await Assert.ThrowsAsync<Fault>(() => tracing.Assessments.GetAsync(tracing.Caller, "t", second.Id));
        await Assert.ThrowsAsync<Fault>(() =>
            tracing.Assessments.CreateAsync(tracing.Caller, New("t") with { Overrides = "a-unknown" })
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_assessment_is_of_one_trace_and_cannot_be_taken_over_from_another(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.RecordAsync("mine");
        await tracing.RecordAsync("theirs");
        var theirs = New("theirs");
        await tracing.Assessments.CreateAsync(tracing.Caller, theirs);
        var taken = theirs with { TraceId = "mine", Value = new AnyValue.Text("taken") };
        var refused = await Assert.ThrowsAsync<Fault>(() => tracing.Assessments.CreateAsync(tracing.Caller, taken));
        Assert.Equal("assessment.exists", refused.Code);
        await tracing.RecordAsync(tracing.NewTrace("mine") with { Assessments = [taken] });
        Assert.Equal(theirs.Value, (await tracing.Assessments.GetAsync(tracing.Caller, "theirs", theirs.Id)).Value);
        await Assert.ThrowsAsync<Fault>(() => tracing.Assessments.GetAsync(tracing.Caller, "mine", theirs.Id));
        var reader = new Caller("ann", Caller.DefaultWorkspace, _ => Level.Read);
        var fault = await Assert.ThrowsAsync<Fault>(() => tracing.Assessments.CreateAsync(reader, New("mine")));
        Assert.Equal(FaultKind.Denied, fault.Kind);
    }

    private static Assessment New(string traceId) =>
        new()
        {
            Id = Slipway.Tracing.Actions.Assessments.NewId(),
            TraceId = traceId,
            Name = "good",
            Source = new AssessmentSource("HUMAN", "ann"),
            Value = new AnyValue.Flag(true),
            CreatedMs = 1000,
            UpdatedMs = 1000,
        };
}
