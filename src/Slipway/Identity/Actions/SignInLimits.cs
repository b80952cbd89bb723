using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>
/// Slows guessing down: failures are counted for each address, and for each name at each address, so that somebody who
/// guesses a password keeps neither its owner nor anybody else out who comes from elsewhere. Who is signed in already is
/// not asked here.
/// </summary>
internal sealed class SignInLimits(TimeProvider clock)
{
    public const int FailuresPerAddress = 30;
    public const int FailuresPerName = 10;
    private const int KeyLimit = 20_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string Address, string Name), Failures> counted = [];

    /// <summary>Refuses while too many attempts have failed; the name is empty where none was told.</summary>
    public void Check(IPAddress? address, string name)
    {
        var place = Place(address);
        var wait = Wait((place, ""), FailuresPerAddress);
        if (name.Length > 0 && Wait((place, name), FailuresPerName) is var other && other > wait)
            wait = other;
        if (wait > TimeSpan.Zero)
            throw TooMany(wait);
    }

    public void CountFailure(IPAddress? address, string name)
    {
        var place = Place(address);
        Count((place, ""));
        if (name.Length > 0)
            Count((place, name));
    }

    public static Fault TooMany(TimeSpan wait) =>
        new(
            FaultKind.Busy,
            "identity.too_many_attempts",
            "Too many attempts to sign in have failed.",
            "Wait, then try again."
        )
        {
            RetryAfter = wait,
        };

    /// <summary>One host owns a whole /64 of IPv6, so that is what counts as one address.</summary>
    internal static string Place(IPAddress? address)
    {
        if (address is null)
            return "";
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
            return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes).ToString();
    }

    private TimeSpan Wait((string, string) key, int limit)
    {
        if (!counted.TryGetValue(key, out var failures) || failures.Count < limit)
            return TimeSpan.Zero;
        return Window - clock.GetElapsedTime(failures.Since);
    }

    private void Count((string, string) key)
    {
        if (counted.Count >= KeyLimit)
            DropOld();
        var now = clock.GetTimestamp();
        counted.AddOrUpdate(
            key,
            _ => new Failures(1, now),
            (_, before) =>
                clock.GetElapsedTime(before.Since, now) >= Window
                    ? new Failures(1, now)
                    : before with
                    {
                        Count = before.Count + 1,
                    }
        );
    }

    private void DropOld()
    {
        foreach (var (key, failures) in counted)
        {
            if (clock.GetElapsedTime(failures.Since) >= Window)
                counted.TryRemove(key, out _);
        }
        // An attacker with so many addresses is not held up by counting them.
        if (counted.Count >= KeyLimit)
            counted.Clear();
    }

    private readonly record struct Failures(int Count, long Since);
}
