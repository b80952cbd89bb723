using Slipway.Sdk;
using Slipway.Tracking;

namespace Slipway.Tracing;

/// <summary>What an assessment has to have.</summary>
internal static class AssessmentRules
{
    private const int NameLength = 250;
    private const int TextLength = 1_000_000;

    public static Assessment Check(Assessment assessment)
    {
        if (assessment.Name.Length == 0)
            throw Fault.Invalid(
                "assessment.name",
                "Missing value for required parameter 'assessment.assessment_name'.",
                "assessment_name"
            );
        TrackingRules.Length(assessment.Name, NameLength, "assessment_name");
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
