using System.Text.Json;
using System.Text.Json.Serialization;
using Slipway.Foundation.Sql;
using Slipway.Tracking;

namespace Slipway.Tracing.Storage;

/// <summary>Assessments: what is searched and counted stands in columns, the rest in a document.</summary>
internal static class AssessmentStore
{
    private const string Columns =
        "a.assessment_id, t.trace_id, a.name, a.kind, a.valid, a.created_ms, a.updated_ms, a.document, a.value";

    private const string Source = "tracing_assessments a join tracing_traces t on t.trace_no = a.trace_no";

    public static Assessment? Find(Tx tx, long trace, string id) =>
        tx.One(
            $"select {Columns} from {Source} where a.assessment_id = @id and a.trace_no = @trace_no",
            Read,
            ("id", id),
            ("trace_no", trace)
        );

    /// <summary>The assessments of traces, oldest first, by the number of their trace.</summary>
    public static ILookup<long, Assessment> Of(Tx tx, IReadOnlyCollection<long> traces) =>
        tx.Many(
                $"select {Columns}, a.trace_no from {Source} where {tx.Dialect.AnyOf("a.trace_no", "numbers")} "
                    + "order by a.created_ms, a.assessment_id",
                r => (Trace: r.Long(9), Assessment: Read(r)),
                ("numbers", tx.Dialect.List(traces))
            )
            .ToLookup(row => row.Trace, row => row.Assessment);

    /// <summary>The assessments that are of whole sessions, by session, of traces in the experiments.</summary>
    public static ILookup<(long Experiment, string Session), Assessment> OfSessions(
        Tx tx,
        IReadOnlyCollection<long> experiments,
        IReadOnlyCollection<string> sessions
    ) =>
        tx.Many(
                $"select {Columns}, t.experiment_id, a.session from {Source} where {tx.Dialect.AnyOf("a.session", "sessions")} "
                    + $"and {tx.Dialect.AnyOf("t.experiment_id", "experiments")}",
                r => (Key: (r.Long(9), r.Text(10)), Assessment: Read(r)),
                ("sessions", tx.Dialect.List(sessions)),
                ("experiments", tx.Dialect.List(experiments))
            )
            .ToLookup(row => row.Key, row => row.Assessment);

    public static bool IsTaken(Tx tx, string id) =>
        tx.One("select 1 from tracing_assessments where assessment_id = @id", _ => true, ("id", id));

    public static void Save(Tx tx, long trace, Assessment assessment) =>
        tx.Execute(
            "insert into tracing_assessments (assessment_id, trace_no, name, kind, valid, created_ms, updated_ms, value, searched, number, session, document) "
                + "values (@id, @trace_no, @name, @kind, @valid, @created_ms, @updated_ms, @value, @searched, @number, @session, @document) "
                + "on conflict (assessment_id) do update set name = excluded.name, kind = excluded.kind, valid = excluded.valid, "
                + "updated_ms = excluded.updated_ms, value = excluded.value, searched = excluded.searched, number = excluded.number, session = excluded.session, document = excluded.document "
                + "where tracing_assessments.trace_no = excluded.trace_no",
            ("id", assessment.Id),
            ("trace_no", trace),
            ("name", assessment.Name),
            ("kind", (int)assessment.Kind),
            ("valid", assessment.IsValid),
            ("created_ms", assessment.CreatedMs),
            ("updated_ms", assessment.UpdatedMs),
            ("value", assessment.Value.ToString()),
            ("searched", assessment.Value is AnyValue.Absent ? null : assessment.Value.Searched),
            ("number", NumberOf(assessment.Value)),
            ("session", SessionOf(assessment)),
            ("document", Document.Of(assessment).ToJson())
        );

    public static bool Delete(Tx tx, long trace, string id) =>
        tx.Execute(
            "delete from tracing_assessments where assessment_id = @id and trace_no = @trace_no",
            ("id", id),
            ("trace_no", trace)
        ) > 0;

    /// <summary>An assessment that names a session in its metadata holds for every trace of that session.</summary>
    private static string? SessionOf(Assessment assessment) =>
        assessment.Metadata.Where(e => e.Key == TraceKeys.Session).Select(e => e.Value).FirstOrDefault();

    /// <summary>What an average is taken of: numbers, true and false, and the yes and no of judges.</summary>
    internal static double? NumberOf(AnyValue value) =>
        value switch
        {
            AnyValue.Flag flag => flag.Value ? 1 : 0,
            AnyValue.Whole whole => whole.Value,
            AnyValue.Number number when double.IsFinite(number.Value) => number.Value,
            AnyValue.Text { Value: "yes" } => 1,
            AnyValue.Text { Value: "no" } => 0,
            _ => null,
        };

    private static Assessment Read(Row r)
    {
        var document = Document.Parse(r.Text(7));
        return new Assessment
        {
            Id = r.Text(0),
            TraceId = r.Text(1),
            Name = r.Text(2),
            Kind = (AssessmentKind)r.Int(3),
            IsValid = r.Flag(4),
            CreatedMs = r.Long(5),
            UpdatedMs = r.Long(6),
            SpanId = document.SpanId,
            Source = document.Source,
            Value = AnyValue.ParseJson(r.Text(8)) ?? AnyValue.Absent.Instance,
            Error = document.Error,
            Rationale = document.Rationale,
            Metadata = document.Metadata,
            Overrides = document.Overrides,
        };
    }

    /// <summary>The part of an assessment that is only shown.</summary>
    internal sealed record Document(
        string? SpanId,
        AssessmentSource Source,
        AssessmentError? Error,
        string? Rationale,
        IReadOnlyList<Entry> Metadata,
        string? Overrides
    )
    {
        public static Document Of(Assessment assessment) =>
            new(
                assessment.SpanId,
                assessment.Source,
                assessment.Error,
                assessment.Rationale,
                assessment.Metadata,
                assessment.Overrides
            );

        public static Document Parse(string json) =>
            JsonSerializer.Deserialize(json, AssessmentDocuments.Default.Document)!;

        public string ToJson() => JsonSerializer.Serialize(this, AssessmentDocuments.Default.Document);
    }
}

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AssessmentStore.Document))]
internal sealed partial class AssessmentDocuments : JsonSerializerContext;
