namespace Slipway.Sdk;

/// <summary>One page of a listing.</summary>
/// <typeparam name="T">What is listed.</typeparam>
public sealed record Page<T>
{
    /// <summary>What this page holds, in the order asked for.</summary>
    public required IReadOnlyList<T> Items { get; init; }

    /// <summary>How many there are on all pages together.</summary>
    public required long Total { get; init; }

    /// <summary>Asks for the page after this one; null on the last.</summary>
    public string? NextPageToken { get; init; }

    /// <summary>Names the listing as it stood: given with the next question, what was made since stays out. Null where a listing has none.</summary>
    public string? Snapshot { get; init; }
}
