namespace Slipway.Sdk;

/// <summary>What went wrong, as far as a caller can act on it.</summary>
public enum FaultKind
{
    /// <summary>The request breaks a rule; sending it again will not help.</summary>
    Invalid,

    /// <summary>The thing named does not exist, or the caller may not know that it does.</summary>
    NotFound,

    /// <summary>The thing exists already, or is in a state that forbids the change.</summary>
    Conflict,

    /// <summary>Who is calling is not known.</summary>
    Unauthenticated,

    /// <summary>Who is calling is known, and may not do this.</summary>
    Denied,

    /// <summary>A limit or a lock is in the way for now; try again later.</summary>
    Busy,

    /// <summary>Something this server depends on does not answer; try again later.</summary>
    Unavailable,

    /// <summary>Slipway does not do this.</summary>
    Unsupported,

    /// <summary>A defect or damage on the server's side.</summary>
    Internal,
}

/// <summary>
/// The one error of the house: thrown where a rule is broken, caught once at each edge (HTTP, a foreign door, the
/// command line, a job) and shown there in that edge's form. The message is a sentence for a person.
/// </summary>
public sealed class Fault(FaultKind kind, string code, string message, string? hint = null, string? field = null)
    : Exception(message)
{
    /// <summary>What the caller can do about it, in one word.</summary>
    public FaultKind Kind { get; } = kind;

    /// <summary>A stable name of the rule, such as <c>run.not_found</c>; documented in the error reference.</summary>
    public string Code { get; } = code;

    /// <summary>What to do next, if there is something to do.</summary>
    public string? Hint { get; } = hint;

    /// <summary>The field of the request that is at fault, as the caller wrote it.</summary>
    public string? Field { get; } = field;

    /// <summary>How long to wait before trying again, for <see cref="FaultKind.Busy"/> and <see cref="FaultKind.Unavailable"/>.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>The request breaks a rule.</summary>
    public static Fault Invalid(string code, string message, string? field = null, string? hint = null) =>
        new(FaultKind.Invalid, code, message, hint, field);

    /// <summary>The thing named does not exist.</summary>
    public static Fault NotFound(string code, string message) => new(FaultKind.NotFound, code, message);

    /// <summary>The thing exists already, or its state forbids the change.</summary>
    public static Fault Conflict(string code, string message, string? hint = null) =>
        new(FaultKind.Conflict, code, message, hint);

    /// <summary>The caller may not do this.</summary>
    public static Fault Denied(string code, string message) => new(FaultKind.Denied, code, message);

    /// <summary>Slipway does not do this.</summary>
    public static Fault Unsupported(string code, string message) => new(FaultKind.Unsupported, code, message);

    /// <summary>Stored data is damaged or a promise of the server is broken.</summary>
    public static Fault Internal(string code, string message, string? hint = null) =>
        new(FaultKind.Internal, code, message, hint);
}
