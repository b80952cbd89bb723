using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Slipway.Identity;

/// <summary>
/// The text of a token: 256 random bits behind a prefix that scanners of leaked secrets recognise. So many bits cannot be
/// guessed, so a plain hash of it is safe to store, and costs a microsecond to check.
/// </summary>
internal static class TokenSecret
{
    public const string Prefix = "slw_";
    private const int RandomBytes = 32;
    private const int HintLength = 10;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    public static string HintOf(string secret) => secret[..HintLength];

    public static string HashOf(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
