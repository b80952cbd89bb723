using Slipway.Numerics.Special;

namespace Slipway.Numerics.Tests.Reference;

/// <summary>The special functions under everything else, against SciPy's.</summary>
public sealed class SpecialReferenceTests
{
    public static TheoryData<string, string, int> Cases => ReferenceCases.Of("special-cases/1");

    [Theory]
    [MemberData(nameof(Cases))]
    public void Special_function_equals_the_reference(string file, string id, int number)
    {
        var item = ReferenceCases.Read(file, number);
        var x = Checks.ReadAll(item.GetProperty("args"));
        var function = item.GetProperty("function").GetString()!;
        var kolmogorov = function.StartsWith("ks_", StringComparison.Ordinal);
        var checks = new Checks(id);
        checks.Number(
            function,
            item.GetProperty("value"),
            () =>
                function switch
                {
                    "ks_one_sample_tail" => Kolmogorov.OneSampleTail((int)x[0], x[1]),
                    "ks_limit_tail" => Kolmogorov.LimitTail(x[0]),
                    "gamma_upper" => Gamma.UpperRegularized(x[0], x[1]),
                    "gamma_lower" => Gamma.LowerRegularized(x[0], x[1]),
                    "gamma_log" => Gamma.Log(x[0]),
                    "beta_regularized" => Beta.Regularized(x[0], x[1], x[2]),
                    "normal_quantile" => Normal.Quantile(x[0]),
                    "normal_tail" => Normal.Tail(x[0]),
                    "student_two_sided" => Beta.StudentTwoSided(x[0], x[1]),
                    _ => throw new InvalidOperationException($"The tests know no function {function}."),
                },
            kolmogorov ? 1e-6 : 1e-10,
            kolmogorov ? 1e-9 : 1e-14
        );
        checks.Verdict();
    }
}
