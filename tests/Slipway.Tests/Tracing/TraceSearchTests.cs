using System.Globalization;
using Slipway.Foundation.Filters;
using Slipway.Sdk;
using Slipway.Tests.Kit;
using Slipway.Tracing;
using Slipway.Tracing.Storage;
using Slipway.Tracking;

namespace Slipway.Tests.Tracing;

public sealed class TraceSearchTests
{
    public static TheoryData<string> Stores => TestStore.Kinds;

    [Theory, MemberData(nameof(Stores))]
    public async Task A_field_is_found_by_each_of_its_names(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await FillAsync(tracing);
        string[] findingOnlyOne =
        [
            "request_id = 'one'",
            "trace.trace_id IN ('one', 'none')",
            "attributes.name = 'ask'",
            "trace.status = 'ERROR'",
            "timestamp_ms = 1000",
            "trace.timestamp < 2000",
            "execution_time_ms > 50",
            "attr.end_time = 1100",
            "client_request_id = 'c1'",
            "tags.Team = 'Blue'",
            "tag.`a key.with dots` IS NOT NULL",
            "request_metadata.`mlflow.sourceRun` = 'run1'",
            "metadata.empty = ''",
            "run_id = 'run1'",
            "prompt = 'greet/3'",
            "span.name = 'call'",
            "span.type = 'LLM'",
            "span.status = 'ERROR'",
            "span.content LIKE '%naïve%'",
            "trace.text ILIKE '%NAÏVE%'",
            "span.attributes.model = 'gpt-4'",
            "span.attributes.deep LIKE '%\"b\": 2%'",
            "feedback.score >= 0.5",
            "feedback.score IS NOT NULL",
            "expectation.answer = 'Yes'",
            "expectation.answer RLIKE '^Y'",
        ];
        foreach (var filter in findingOnlyOne)
        {
            Assert.True((await tracing.SearchAsync(filter)) is ["one"], filter);
            Assert.True((await tracing.SearchAsync($"NOT ({filter})")) is ["two"], $"NOT {filter}");
        }
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_trace_without_the_field_fails_every_comparison_but_is_null(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await FillAsync(tracing);
        foreach (var comparison in new[] { "= 'x'", "!= 'x'", "LIKE '%'", "RLIKE '.*'", "IN ('x')", "NOT IN ('x')" })
            Assert.True((await tracing.SearchAsync($"tags.absent {comparison}")) is [], comparison);
        Assert.Equal(["two", "one"], await tracing.SearchAsync("tags.absent IS NULL"));
        Assert.Equal(["two"], await tracing.SearchAsync("tags.Team IS NULL"));
        Assert.Equal(["one"], await tracing.SearchAsync("tags.Team != 'blue'"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Span_comparisons_joined_by_and_are_of_the_same_span(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await tracing.AppendAsync(
            tracing.NewSpan("split", "search") with
            {
                Status = SpanStatus.Ok,
            },
            (tracing.NewSpan("split", "answer") with { Status = SpanStatus.Error }).With("k", new AnyValue.Text("v")),
            (tracing.NewSpan("whole", "search") with { Status = SpanStatus.Error }).With("k", new AnyValue.Text("v"))
        );
        Assert.Equal(["whole"], await tracing.SearchAsync("span.name = 'search' AND span.status = 'ERROR'"));
        Assert.Equal(["split"], await tracing.SearchAsync("NOT (span.name = 'search' AND span.status = 'ERROR')"));
        Assert.Equal(["whole"], await tracing.SearchAsync("span.name = 'search' AND span.attributes.k LIKE 'v'"));
        Assert.Equal(["split"], await tracing.SearchAsync("NOT (span.name = 'search' AND span.attributes.k LIKE 'v')"));
        Assert.Equal(
            ["whole"],
            await tracing.SearchAsync("(span.name = 'search' AND (span.status = 'ERROR' OR span.status = 'UNSET'))")
        );
        Assert.Equal(
            ["split", "whole"],
            (await tracing.SearchAsync("span.name = 'search' OR span.status = 'ERROR'")).Order(StringComparer.Ordinal)
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task An_assessment_of_a_session_holds_for_all_its_traces(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var session = new Dictionary<string, string> { [TraceKeys.Session] = "s1" };
        await tracing.RecordAsync(tracing.NewTrace("first", 1) with { Metadata = session });
        await tracing.RecordAsync(tracing.NewTrace("second", 2) with { Metadata = session });
        await tracing.RecordAsync(tracing.NewTrace("other", 3));
        await tracing.Assessments.CreateAsync(
            tracing.Caller,
            NewAssessment("calm", AssessmentKind.Feedback, new AnyValue.Text("yes"), "first") with
            {
                Metadata = [new Entry(TraceKeys.Session, "s1")],
            }
        );
        Assert.Equal(["second", "first"], await tracing.SearchAsync("feedback.calm = 'yes'"));
        Assert.Equal(["second", "first"], await tracing.SearchAsync("feedback.calm RLIKE '^y'"));
        Assert.Equal(["other"], await tracing.SearchAsync("feedback.calm IS NULL"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Like_minds_case_and_ilike_does_not(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await FillAsync(tracing);
        Assert.Empty(await tracing.SearchAsync("tags.Team LIKE 'blue'"));
        Assert.Equal(["one"], await tracing.SearchAsync("tags.Team LIKE 'B_u%'"));
        Assert.Equal(["one"], await tracing.SearchAsync("tags.Team ILIKE '%LU%'"));
        Assert.Equal(["two"], await tracing.SearchAsync("NOT tags.Team LIKE 'B%'"));
    }

    [Theory]
    [InlineData("foo.bar = 'x'")]
    [InlineData("bogus = 'x'")]
    [InlineData("trace.tags.foo = 'x'")]
    [InlineData("status < 'OK'")]
    [InlineData("name IN ('a')")]
    [InlineData("timestamp_ms = '1'")]
    [InlineData("timestamp_ms LIKE '1%'")]
    [InlineData("tags.a = 1")]
    [InlineData("status IS NULL")]
    [InlineData("prompt = 'no version'")]
    [InlineData("prompt != 'a/1'")]
    [InlineData("span.content = 'x'")]
    [InlineData("span.bogus = 'x'")]
    [InlineData("issue.name = 'x'")]
    [InlineData("experiment_id = '1'")]
    [InlineData("name RLIKE '('")]
    public async Task A_comparison_that_the_field_does_not_take_is_refused(string filter)
    {
        await using var tracing = await TracingFixture.OpenAsync("sqlite");
        var fault = await Assert.ThrowsAsync<Fault>(() => tracing.SearchAsync(filter));
        Assert.Equal((FaultKind.Invalid, "filter"), (fault.Kind, fault.Field));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Traces_are_ordered_with_those_without_the_field_last(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        long?[] durations = [30, null, 10, 20];
        for (var i = 0; i < durations.Length; i++)
            await tracing.RecordAsync(tracing.NewTrace($"t{i}", i) with { DurationMs = durations[i] });
        await tracing.Traces.SetTagAsync(tracing.Caller, "t1", new Entry("k", "b"));
        await tracing.Traces.SetTagAsync(tracing.Caller, "t3", new Entry("k", "a"));
        Assert.Equal(["t3", "t2", "t1", "t0"], await tracing.SearchAsync(""));
        Assert.Equal(["t2", "t3", "t0", "t1"], await tracing.SearchAsync("", "execution_time"));
        Assert.Equal(["t0", "t3", "t2", "t1"], await tracing.SearchAsync("", "execution_time DESC"));
        Assert.Equal(["t3", "t1", "t2", "t0"], await tracing.SearchAsync("", "tags.k"));
        Assert.Equal(["t0", "t1", "t2", "t3"], await tracing.SearchAsync("", "timestamp"));
        await Assert.ThrowsAsync<Fault>(() => tracing.SearchAsync("", "span.name"));
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task Pages_hold_every_trace_once_whatever_the_order_and_the_filter(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        for (var i = 0; i < 23; i++)
        {
            var id = i.ToString("00", CultureInfo.InvariantCulture);
            await tracing.RecordAsync(
                tracing.NewTrace(id, i / 5) with
                {
                    ClientRequestId = i % 3 == 0 ? "third" : "other",
                }
            );
        }
        foreach (var (filter, count) in new[] { ("", 23), ("client_request_id LIKE 't%'", 8), ("status = 'OK'", 23) })
        {
            foreach (var order in new string[][] { [], ["timestamp DESC"], ["timestamp ASC"], ["client_request_id"] })
            {
                var all = await tracing.SearchAsync(filter, order);
                Assert.Equal(count, all.Count);
                Assert.Equal(all, await PagedAsync(tracing, filter, order));
            }
        }
    }

    [Theory]
    [InlineData("rubbish")]
    [InlineData("WyJydW5zIiwiMSJd")]
    public async Task A_page_token_of_others_is_refused(string token)
    {
        await using var tracing = await TracingFixture.OpenAsync("sqlite");
        var fault = await Assert.ThrowsAsync<Fault>(() => tracing.PageAsync("", 10, token));
        Assert.Equal("page.token", fault.Code);
        Assert.Equal(
            "page.token",
            (await Assert.ThrowsAsync<Fault>(() => tracing.PageAsync("", 10, token, "status"))).Code
        );
    }

    [Theory, MemberData(nameof(Stores))]
    public async Task A_thousand_comparisons_are_answered(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        await FillAsync(tracing);
        var many = string.Join(" OR ", Enumerable.Range(0, 999).Select(i => $"tags.k{i} = 'x'"));
        Assert.Equal(["one"], await tracing.SearchAsync($"{many} OR tags.Team = 'Blue'"));
        Assert.Empty(
            await tracing.SearchAsync(
                $"({many.Replace("OR", "AND", StringComparison.Ordinal)}) AND tags.Team LIKE 'B%'"
            )
        );
    }

    /// <summary>The SQL of a condition and its function are two tellings of the same; random traces and filters hold them against each other.</summary>
    [Theory, MemberData(nameof(Stores))]
    public async Task Any_filter_finds_what_going_through_all_traces_would(string kind)
    {
        await using var tracing = await TracingFixture.OpenAsync(kind);
        var random = new Random(20260102);
        for (var i = 0; i < 60; i++)
            await RandomTraceAsync(tracing, random, i);
        var all = await CandidatesAsync(tracing);
        for (var i = 0; i < Seeds.Count(400, 20_000); i++)
        {
            var filter = RandomFilter(random, depth: 3);
            var condition = TraceCondition.Of(Filter.Parse(filter));
            var expected = all.Where(condition.Holds).Select(c => c.Trace.Id).Order(StringComparer.Ordinal);
            var found = (await tracing.SearchAsync(filter)).Order(StringComparer.Ordinal);
            Assert.True(expected.SequenceEqual(found), filter);
        }
    }

    private static async Task FillAsync(TracingFixture tracing)
    {
        await tracing.RecordAsync(
            tracing.NewTrace("one", 1000) with
            {
                State = TraceState.Error,
                ClientRequestId = "c1",
                Tags = new Dictionary<string, string>
                {
                    [TraceKeys.Name] = "ask",
                    ["Team"] = "Blue",
                    ["a key.with dots"] = "x",
                },
                Metadata = new Dictionary<string, string> { [TraceKeys.SourceRun] = "run1", ["empty"] = "" },
            }
        );
        await tracing.RecordAsync(tracing.NewTrace("two", 2000) with { DurationMs = 50 });
        await tracing.AppendAsync(
            tracing.NewSpan("two", "other") with
            {
                StartNs = 2_000_000_000,
                EndNs = 2_010_000_000,
            },
            (
                tracing.NewSpan("one", "call") with
                {
                    StartNs = 1_000_000_000,
                    EndNs = 1_010_000_000,
                    Status = SpanStatus.Error,
                }
            )
                .With(TraceKeys.SpanType, new AnyValue.Text("LLM"))
                .With("model", new AnyValue.Text("gpt-4"))
                .With("question", new AnyValue.Text("a naïve one"))
                .With("deep", new AnyValue.Map([KeyValuePair.Create<string, AnyValue>("b", new AnyValue.Whole(2))]))
        );
        await tracing.Traces.LinkPromptsAsync(tracing.Caller, "one", [("greet", "3")]);
        await tracing.Assessments.CreateAsync(
            tracing.Caller,
            NewAssessment("score", AssessmentKind.Feedback, new AnyValue.Number(0.5))
        );
        await tracing.Assessments.CreateAsync(
            tracing.Caller,
            NewAssessment("answer", AssessmentKind.Expectation, new AnyValue.Text("Yes"))
        );
    }

    private static Assessment NewAssessment(string name, AssessmentKind kind, AnyValue value, string trace = "one") =>
        new()
        {
            Id = Slipway.Tracing.Actions.Assessments.NewId(),
            TraceId = trace,
            Name = name,
            Source = new AssessmentSource("HUMAN", "ann"),
            Kind = kind,
            Value = value,
            CreatedMs = 1,
            UpdatedMs = 1,
        };

    private static async Task<List<string>> PagedAsync(TracingFixture tracing, string filter, string[] order)
    {
        var ids = new List<string>();
        string? token = null;
        do
        {
            var page = await tracing.PageAsync(filter, 4, token, order);
            ids.AddRange(page.Traces.Select(t => t.Id));
            token = page.NextPageToken;
        } while (token is not null);
        return ids;
    }

    private static Task<List<TraceCandidate>> CandidatesAsync(TracingFixture tracing) =>
        tracing.Store.Db.ReadAsync(tx =>
        {
            var ids = tx.Many("select trace_id from tracing_traces", r => r.Text(0));
            var traces = TraceStore.Whole(tx, TraceStore.FindMany(tx, ids));
            var links = LabelStore.LinksOf(tx, ids);
            var spans = SpanStore.Of(tx, [.. traces.Select(t => t.Number)]);
            return traces
                .Select(t => new TraceCandidate(t) { Links = [.. links[t.Id]], Spans = spans[t.Number] })
                .ToList();
        });

    private static readonly string[] Words = ["a", "A", "ab", "Bä", "b%", "x\\y", "", "10"];

    private static string Word(Random random) => Words[random.Next(Words.Length)];

    private static async Task RandomTraceAsync(TracingFixture tracing, Random random, int number)
    {
        var id = $"t{number}";
        var trace = tracing.NewTrace(id, random.Next(5)) with
        {
            State = (TraceState)random.Next(4),
            DurationMs = random.Next(3) == 0 ? null : random.Next(4),
            ClientRequestId = random.Next(2) == 0 ? null : Word(random),
            Tags = RandomLabels(random),
            Metadata = RandomLabels(random),
        };
        await tracing.RecordAsync(trace);
        if (random.Next(3) > 0)
            await tracing.AppendAsync([
                .. Enumerable.Range(0, random.Next(1, 3)).Select(_ => RandomSpan(tracing, random, id)),
            ]);
        if (random.Next(3) == 0)
            await tracing.Traces.LinkToRunAsync(tracing.Caller, [id], Word(random) + "r");
        for (var i = random.Next(3); i > 0; i--)
        {
            var value =
                random.Next(2) == 0 ? (AnyValue)new AnyValue.Number(random.Next(3)) : new AnyValue.Text(Word(random));
            var assessed = NewAssessment("k", (AssessmentKind)random.Next(2), value, id) with
            {
                IsValid = random.Next(4) > 0,
            };
            await tracing.Assessments.CreateAsync(tracing.Caller, assessed);
        }
    }

    private static Dictionary<string, string> RandomLabels(Random random) =>
        new[] { "k", TraceKeys.Name, TraceKeys.SourceRun }
            .Where(_ => random.Next(2) == 0)
            .ToDictionary(key => key, _ => Word(random));

    private static Span RandomSpan(TracingFixture tracing, Random random, string id)
    {
        var span = tracing.NewSpan(id, Word(random)) with
        {
            StartNs = 0,
            EndNs = 0,
            Status = (SpanStatus)random.Next(3),
        };
        if (random.Next(2) == 0)
            span = span.With(TraceKeys.SpanType, new AnyValue.Text(Word(random)));
        return random.Next(2) == 0 ? span.With("k", new AnyValue.Text(Word(random))) : span;
    }

    private static string RandomFilter(Random random, int depth) =>
        (depth == 0 ? 0 : random.Next(6)) switch
        {
            3 => $"NOT ({RandomFilter(random, depth - 1)})",
            4 => $"({RandomFilter(random, depth - 1)} OR {RandomFilter(random, depth - 1)})",
            5 => $"({RandomFilter(random, depth - 1)} AND {RandomFilter(random, depth - 1)})",
            _ => RandomComparison(random),
        };

    private static string RandomComparison(Random random)
    {
        string Of(params string[] choices) => choices[random.Next(choices.Length)];
        var text = $"'{Word(random)}'";
        var number = random.Next(5).ToString(CultureInfo.InvariantCulture);
        return random.Next(5) switch
        {
            0 =>
                $"{Of("timestamp_ms", "execution_time_ms", "end_time_ms")} {Of("=", "!=", "<", "<=", ">", ">=")} {number}",
            1 =>
                $"{Of("tags.k", "metadata.k", "name", "client_request_id", "feedback.k", "run_id")} {Of("IS NULL", "IS NOT NULL")}",
            2 => $"{Of("feedback.k", "expectation.k")} {Of("=", "<", ">=", "!=")} {number}",
            3 => $"status {Of("=", "!=", "LIKE", "RLIKE")} '{Of("OK", "ERROR", "IN_PROGRESS", "O%")}'",
            _ => Of(
                "tags.k",
                "metadata.k",
                "name",
                "client_request_id",
                "request_id",
                "run_id",
                "span.name",
                "span.type",
                "span.status",
                "span.attributes.k",
                "feedback.k",
                "expectation.k"
            )
                + " "
                + Of(
                    $"= {text}",
                    $"!= {text}",
                    $"LIKE {text}",
                    $"ILIKE {text}",
                    $"LIKE '%{Word(random)}_'",
                    $"ILIKE '_{Word(random)}%'",
                    "RLIKE '^[aB]'"
                ),
        };
    }
}
