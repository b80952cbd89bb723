using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Sdk;

namespace Slipway.Foundation.Filters;

/// <summary>
/// Where the next page of a listing starts, as one opaque word. It names the listing it belongs to and the position: a
/// count of rows, or the sort key of the last row seen. It carries no right and no condition: whoever presents one
/// still asks the whole question, so a forged token reaches nothing that another question would not.
/// </summary>
public static class PageToken
{
    private const int LengthLimit = 8192;
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>A token for the listing that starts after the row with this key.</summary>
    public static string After(string listing, params ReadOnlySpan<string?> key)
    {
        string?[] parts = [listing, .. key];
        return Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(parts));
    }

    /// <summary>A token for the listing that starts behind this many rows.</summary>
    public static string Offset(string listing, long offset) =>
        After(listing, offset.ToString(CultureInfo.InvariantCulture));

    /// <summary>The key that <see cref="After"/> was given; null without a token.</summary>
    public static IReadOnlyList<string?>? ReadKey(string? token, string listing, int length)
    {
        if (string.IsNullOrEmpty(token))
            return null;
        var parts = Decode(token);
        if (parts.Length != length + 1 || parts[0] != listing)
            throw Unknown();
        return parts[1..];
    }

    /// <summary>The offset that <see cref="Offset"/> was given; 0 without a token.</summary>
    public static long ReadOffset(string? token, string listing) =>
        ReadKey(token, listing, 1) is { } key ? ReadNumber(key[0]) : 0;

    /// <summary>A part of a key that has to be a whole number, not below zero.</summary>
    public static long ReadNumber(string? part) =>
        long.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : throw Unknown();

    public static Fault Unknown() =>
        Fault.Invalid(
            "page.token",
            "The page token was not given out for this listing.",
            "page_token",
            "Send the token of the page before as it is, or none for the first page."
        );

    private static string?[] Decode(string token)
    {
        try
        {
            if (token.Length > LengthLimit)
                throw Unknown();
            var json = StrictUtf8.GetString(Base64Url.DecodeFromChars(token));
            return JsonSerializer.Deserialize<string?[]>(json) ?? throw Unknown();
        }
        catch (Exception e) when (e is FormatException or JsonException or ArgumentException)
        {
            throw Unknown();
        }
    }
}
