using Slipway.Doors.Mlflow.Wire;
using Slipway.Tracing;
using Slipway.Tracking;
using Verbs = Slipway.Tracing.Actions.Assessments;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on assessments.</summary>
internal sealed class Assessments(Verbs assessments, TimeProvider clock)
{
    public async Task<Answer> Create(Call call)
    {
        var fields = call.Fields.RequiredObject("assessment");
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var assessment = TraceReader.Assessment(fields, call.Route("trace_id"), nowMs);
        return One(await assessments.CreateAsync(call.Caller, assessment with { IsValid = true }, call.Cancellation));
    }

    public async Task<Answer> Get(Call call) =>
        One(
            await assessments.GetAsync(
                call.Caller,
                call.Route("trace_id"),
                call.Route("assessment_id"),
                call.Cancellation
            )
        );

    /// <summary>Changes what the mask names and nothing else.</summary>
    public async Task<Answer> Update(Call call)
    {
        var fields = call.Fields.RequiredObject("assessment");
        // Protobuf writes a mask in camelCase, and a name of another form ends the reading of it.
        var mask = call
            .Fields.Required("update_mask")
            .Split(',', StringSplitOptions.TrimEntries)
            .TakeWhile(path => !path.Contains('_'))
            .ToHashSet();
        var judgement = mask.Any(path => Judgements.Contains(path.Split('.')[0]))
            ? TraceReader.Judgement(fields)
            : null;
        var change = new AssessmentChange
        {
            Name = mask.Contains("assessmentName") ? fields.Text("assessment_name") ?? "" : null,
            Kind = judgement?.Kind,
            Value = judgement?.Value,
            Error = judgement?.Error,
            Rationale = mask.Contains("rationale") ? fields.Text("rationale") ?? "" : null,
            Metadata = mask.Contains("metadata")
                ? [.. TraceReader.Map(fields, "metadata").Select(e => new Entry(e.Key, e.Value))]
                : null,
            IsValid = mask.Contains("valid") ? fields.Flag("valid") : null,
        };
        return One(
            await assessments.UpdateAsync(
                call.Caller,
                call.Route("trace_id"),
                call.Route("assessment_id"),
                change,
                call.Cancellation
            )
        );
    }

    public async Task<Answer> Delete(Call call)
    {
        await assessments.DeleteAsync(
            call.Caller,
            call.Route("trace_id"),
            call.Route("assessment_id"),
            call.Cancellation
        );
        return Call.Empty;
    }

    private static readonly string[] Judgements = ["feedback", "expectation", "issue"];

    private static Answer One(Assessment assessment) =>
        writer =>
        {
            writer.WriteStartObject("assessment"u8);
            TraceShapes.Assessment(writer, assessment);
            writer.WriteEndObject();
        };
}
