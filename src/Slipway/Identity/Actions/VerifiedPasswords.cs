using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>
/// Passwords that were right a short while ago, so that a client which sends its password with every request pays the
/// slow hash once. Kept under a hash keyed with a secret of this process, and only as good as the stored hash they were
/// checked against: a changed password is out at once. Equal attempts at the same time are one attempt.
/// </summary>
internal sealed class VerifiedPasswords(TimeProvider clock) : IDisposable
{
    private const int Limit = 10_000;
    private const int WaitingLimit = 64;

    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(10);

    private readonly byte[] secret = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<UInt128, Verified> known = [];
    private readonly ConcurrentDictionary<(UInt128 Credential, string StoredHash), Task<bool>> running = [];

    // Half the machine at most goes into hashing, whoever asks for it.
    private readonly SemaphoreSlim seats = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int waiting;

    /// <summary>True without the slow hash, when the credential was right lately and its password is still the same.</summary>
    public bool IsKnown(UInt128 credential, string storedHash) =>
        known.TryGetValue(credential, out var verified)
        && verified.StoredHash == storedHash
        && clock.GetElapsedTime(verified.At) < Lifetime;

    public async Task<bool> VerifyAsync(UInt128 credential, string storedHash, string password)
    {
        var attempt = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = running.GetOrAdd((credential, storedHash), attempt.Task);
        if (first != attempt.Task)
            return await first;
        try
        {
            var matches = await HashAsync(storedHash, password);
            if (matches)
                Keep(credential, storedHash);
            attempt.SetResult(matches);
        }
        catch (Exception e)
        {
            attempt.SetException(e);
        }
        finally
        {
            running.TryRemove((credential, storedHash), out _);
        }
        return await attempt.Task;
    }

    /// <summary>What stands for a name with its password in memory; useless without this process's secret.</summary>
    public UInt128 CredentialOf(ReadOnlySpan<char> header)
    {
        // The header is bounded by the server's limit on headers; the common ones are short.
        Span<byte> input = header.Length <= 1024 ? stackalloc byte[32 + 3 * 1024] : new byte[32 + 3 * header.Length];
        secret.CopyTo(input);
        var length = 32 + Encoding.UTF8.GetBytes(header, input[32..]);
        Span<byte> hash = stackalloc byte[32];
        SHA256.HashData(input[..length], hash);
        return BitConverter.ToUInt128(hash);
    }

    public void Dispose() => seats.Dispose();

    private async Task<bool> HashAsync(string storedHash, string password)
    {
        if (Interlocked.Increment(ref waiting) > WaitingLimit)
        {
            Interlocked.Decrement(ref waiting);
            throw new Fault(FaultKind.Busy, "identity.sign_in_queue", "Too many are signing in at the moment.")
            {
                RetryAfter = TimeSpan.FromSeconds(1),
            };
        }
        await seats.WaitAsync();
        try
        {
            return PasswordHash.Matches(storedHash, password);
        }
        finally
        {
            seats.Release();
            Interlocked.Decrement(ref waiting);
        }
    }

    private void Keep(UInt128 credential, string storedHash)
    {
        if (known.Count >= Limit)
        {
            foreach (var (key, verified) in known)
            {
                if (clock.GetElapsedTime(verified.At) >= Lifetime)
                    known.TryRemove(key, out _);
            }
            if (known.Count >= Limit)
                known.Clear();
        }
        known[credential] = new Verified(storedHash, clock.GetTimestamp());
    }

    private sealed record Verified(string StoredHash, long At);
}
