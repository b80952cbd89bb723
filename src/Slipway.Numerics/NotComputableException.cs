namespace Slipway.Numerics;

/// <summary>
/// The values given do not define the figure asked for: none are left, all are of one class, one is not a number. The
/// message is a sentence for whoever asked. A call that could never be right (lengths that differ, a level of 200 %)
/// is an <see cref="ArgumentException"/> instead.
/// </summary>
public sealed class NotComputableException(string message) : Exception(message);
