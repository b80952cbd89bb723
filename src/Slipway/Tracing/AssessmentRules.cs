using Slipway.Sdk;
using Slipway.Tracking;

namespace Slipway.Tracing;

/// <summary>What an assessment has to have.</summary>
public static class AssessmentRules
{
    private const int IdLength = 250;
    private const int TextLength = 1_000_000;

    public static Assessment Check(Assessment assessment)
    {
        TrackingRules.Length(assessment.Id, IdLength, "assessment_id");
        TrackingRules.Length(assessment.Name, TextLength, "assessment_name");
        TrackingRules.Length(assessment.Rationale ?? "", TextLength, "rationale");
        if (assessment is { Kind: AssessmentKind.Expectation, Value: AnyValue.Absent })
            throw Fault.Invalid(
                "assessment.value",
                "An expectation says what is expected: its value is missing.",
                "value"
            );
        return assessment;
    }
}
