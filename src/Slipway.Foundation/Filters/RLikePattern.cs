using System.Text.RegularExpressions;
using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

/// <summary>
/// An RLIKE pattern: a regular expression that may match anywhere in the text, run by the engine that never
/// backtracks, so that its time grows with the text and not with the number of ways to match it.
/// </summary>
public sealed class RLikePattern
{
    private const int LengthLimit = 1000;
    private static readonly TimeSpan TimeLimit = TimeSpan.FromMilliseconds(100);

    private readonly Regex regex;

    private RLikePattern(Regex regex) => this.regex = regex;

    public static RLikePattern Compile(string pattern)
    {
        if (pattern.Length > LengthLimit)
            throw Refused($"may have {LengthLimit} characters at most");
        try
        {
            return new RLikePattern(
                new Regex(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant, TimeLimit)
            );
        }
        catch (ArgumentException)
        {
            throw Refused("is not a regular expression");
        }
        catch (NotSupportedException)
        {
            throw Refused("is too large, or looks around or back, which no bounded search can do");
        }
    }

    public bool Matches(ReadOnlySpan<char> text)
    {
        try
        {
            return regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            throw Refused($"takes longer than {TimeLimit.TotalMilliseconds} ms on one text");
        }
    }

    private static Fault Refused(string why) => Fault.Invalid("filter.pattern", $"The RLIKE pattern {why}.", "filter");
}
