using System.Globalization;
using System.Security.Cryptography;

namespace Slipway.Identity;

/// <summary>
/// How passwords are stored: PBKDF2 with SHA-512, a salt each, and the count of rounds written beside it, so that it can
/// be raised one day. Slow on purpose: about 0.2 s of CPU, the price of every guess.
/// </summary>
internal static class PasswordHash
{
    private const string Scheme = "pbkdf2-sha512";
    private const int Rounds = 210_000;
    private const int SaltBytes = 16;
    private const int HashBytes = 32;

    /// <summary>Compared with when there is no such user, so that the time of an answer does not tell who exists.</summary>
    public static readonly string Decoy = Write(Rounds, new byte[SaltBytes], new byte[HashBytes]);

    public static string Of(string password, int rounds = Rounds)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        return Write(rounds, salt, Derive(password, salt, rounds));
    }

    public static bool Matches(string stored, string password)
    {
        var parts = stored.Split('$');
        if (parts is not [Scheme, var rounds, var salt, var expected])
            return false;
        var actual = Derive(password, Convert.FromBase64String(salt), int.Parse(rounds, CultureInfo.InvariantCulture));
        return CryptographicOperations.FixedTimeEquals(actual, Convert.FromBase64String(expected));
    }

    private static byte[] Derive(string password, byte[] salt, int rounds) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, rounds, HashAlgorithmName.SHA512, HashBytes);

    private static string Write(int rounds, byte[] salt, byte[] hash) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{Scheme}${rounds}${Convert.ToBase64String(salt)}${Convert.ToBase64String(hash)}"
        );
}
