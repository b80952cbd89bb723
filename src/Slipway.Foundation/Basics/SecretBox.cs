using System.Security.Cryptography;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Foundation.Basics;

/// <summary>
/// Seals secrets that the server has to be able to read again, so that whoever holds the database or a backup of it does
/// not hold them too. The key is the variable SLIPWAY_SECRET_KEY, which servers on one database share, or else a file in
/// the data folder, made when it is first needed.
/// </summary>
public sealed class SecretBox(string folder)
{
    public const string Variable = "SLIPWAY_SECRET_KEY";

    private const int KeyBytes = 32;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly Lock gate = new();
    private byte[]? key;

    public string Seal(string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(Key(), TagBytes);
        cipher.Encrypt(
            box.AsSpan(0, NonceBytes),
            plain,
            box.AsSpan(NonceBytes, plain.Length),
            box.AsSpan(NonceBytes + plain.Length)
        );
        return Convert.ToBase64String(box);
    }

    public string Open(string sealedSecret)
    {
        try
        {
            var box = Convert.FromBase64String(sealedSecret);
            var plain = new byte[box.Length - NonceBytes - TagBytes];
            using var cipher = new AesGcm(Key(), TagBytes);
            cipher.Decrypt(
                box.AsSpan(0, NonceBytes),
                box.AsSpan(NonceBytes, plain.Length),
                box.AsSpan(NonceBytes + plain.Length),
                plain
            );
            return Encoding.UTF8.GetString(plain);
        }
        catch (Exception e) when (e is CryptographicException or FormatException or OverflowException)
        {
            throw Fault.Internal(
                "secret.other_key",
                "A secret was sealed with another key than this server has.",
                $"Start the server with the {Variable} it was sealed with, or set the secret again."
            );
        }
    }

    private byte[] Key()
    {
        lock (gate)
            return key ??= FromVariable() ?? FromFile();
    }

    private static byte[]? FromVariable()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
            return null;
        var bytes = new byte[KeyBytes];
        if (Convert.TryFromBase64String(text, bytes, out var length) && length == KeyBytes)
            return bytes;
        throw Fault.Invalid(
            "secret.key",
            $"{Variable} is not a key.",
            Variable,
            "Make one with `openssl rand -base64 32`."
        );
    }

    private byte[] FromFile()
    {
        var path = Path.Combine(folder, "secret.key");
        try
        {
            return File.ReadAllBytes(path) is { Length: KeyBytes } bytes
                ? bytes
                : throw Fault.Internal("secret.key_file", $"{path} is damaged: it holds no key.");
        }
        catch (FileNotFoundException)
        {
            var bytes = RandomNumberGenerator.GetBytes(KeyBytes);
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new FileStream(path, options);
            file.Write(bytes);
            file.Flush(flushToDisk: true);
            return bytes;
        }
    }
}
