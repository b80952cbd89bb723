using System.Security.Cryptography;
using System.Text;
using Slipway.Natives;
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
    private readonly string path = Path.Combine(folder, "secret.key");
    private byte[]? key;

    public string Seal(string secret)
    {
        var plain = Encoding.UTF8.GetBytes(secret);
        var box = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(box.AsSpan(0, NonceBytes));
        using var cipher = new AesGcm(Key(makes: true)!, TagBytes);
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
            using var cipher = new AesGcm(Key(makes: false) ?? throw OtherKey(), TagBytes);
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
            throw OtherKey();
        }
    }

    private static Fault OtherKey() =>
        Fault.Internal(
            "secret.other_key",
            "A secret was sealed with another key than this server has.",
            $"Put the secret.key of the server that sealed it into the data folder, start with its {Variable}, or set the secret again."
        );

    private byte[]? Key(bool makes)
    {
        lock (gate)
            return key ??= FromVariable() ?? FromFile() ?? (makes ? Make() : null);
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

    private byte[]? FromFile()
    {
        if (!File.Exists(path))
            return null;
        return File.ReadAllBytes(path) is { Length: KeyBytes } bytes
            ? bytes
            : throw Fault.Internal("secret.key_file", $"{path} is damaged: it holds no key.");
    }

    /// <summary>Under its name when it is whole and on the disk; of two who make one at once, both have that of the first.</summary>
    private byte[] Make()
    {
        var bytes = RandomNumberGenerator.GetBytes(KeyBytes);
        var whole = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(whole, options))
        {
            file.Write(bytes);
            file.Flush(flushToDisk: true);
        }
        try
        {
            File.Move(whole, path);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(whole);
            return FromFile()!;
        }
        if (OperatingSystem.IsLinux())
        {
            using var held = LinuxFiles.OpenFolder(folder);
            LinuxFiles.Sync(held);
        }
        return bytes;
    }
}
