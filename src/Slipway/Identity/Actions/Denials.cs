using System.Globalization;
using Microsoft.Extensions.Logging;
using Slipway.Foundation.Events;
using Slipway.Foundation.Sql;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>A request that was refused for who sent it.</summary>
internal sealed record Denial(string Actor, string Address, string Workspace, string Method, string Route, Fault Why);

/// <summary>
/// Leaves a record of every refusal, and of a flood of them a bounded one: the same refusal is written once a minute, and
/// all together no more than a thousand at once and one a second after that. What was left out is counted in the next
/// record, so the record says that it is not whole.
/// </summary>
internal sealed class Denials(Db db, EventLog events, TimeProvider clock, ILogger<Denials> log)
{
    private const int Burst = 1000;
    private const int KeyLimit = 10_000;

    private static readonly TimeSpan Again = TimeSpan.FromMinutes(1);

    private readonly Dictionary<(string, string, string, string), long> lately = [];
    private readonly Lock gate = new();
    private double room = Burst;
    private long filledAt = clock.GetTimestamp();
    private long leftOut;

    /// <summary>Durable when this completes. A store that cannot be written does not turn a refusal into something else.</summary>
    public async Task RecordAsync(Denial denial)
    {
        if (!Admit(denial, out var missing))
            return;
        try
        {
            await db.WriteAsync(tx => events.Append(tx, EventOf(denial, missing)));
        }
        catch (Exception e)
        {
            log.LogWarning(e, "A refusal of {Route} could not be recorded", denial.Route);
        }
    }

    private bool Admit(Denial denial, out long missing)
    {
        var now = clock.GetTimestamp();
        var key = (denial.Actor, denial.Address, $"{denial.Method} {denial.Route}", denial.Why.Code);
        lock (gate)
        {
            room = Math.Min(Burst, room + clock.GetElapsedTime(filledAt, now).TotalSeconds);
            filledAt = now;
            var isRepeated = lately.TryGetValue(key, out var before) && clock.GetElapsedTime(before, now) < Again;
            if (isRepeated || room < 1)
            {
                leftOut++;
                missing = 0;
                return false;
            }
            room--;
            missing = leftOut;
            leftOut = 0;
            if (lately.Count >= KeyLimit)
                lately.Clear();
            lately[key] = now;
            return true;
        }
    }

    private static Event EventOf(Denial denial, long missing) =>
        new(IdentityEvents.AccessDenied, "route", denial.Route)
        {
            Workspace = denial.Workspace,
            Actor = denial.Actor,
            Address = denial.Address,
            Payload = EventPayload.Of(
                ("decision", "denied"),
                ("reason", denial.Why.Code),
                ("method", denial.Method),
                ("left_out_before", missing.ToString(CultureInfo.InvariantCulture))
            ),
        };
}
