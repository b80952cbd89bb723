using System.Security.Cryptography;

namespace Slipway.Foundation.Basics;

/// <summary>
/// Numbers for rows of tall tables, given out without asking the database: milliseconds in the upper bits, so that new
/// rows lie side by side, and a counter that starts at a random place, so that servers sharing a database do not meet.
/// They never go back, whatever the clock does.
/// </summary>
public sealed class RowNumbers(TimeProvider clock)
{
    private const int CounterBits = 20;
    private readonly Lock gate = new();
    private long last;

    public long Next()
    {
        lock (gate)
        {
            var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
            if (now > last >> CounterBits)
                last = (now << CounterBits) | (long)RandomNumberGenerator.GetInt32(1 << (CounterBits - 1));
            else
                last++;
            return last;
        }
    }
}
