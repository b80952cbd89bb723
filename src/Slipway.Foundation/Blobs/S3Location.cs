using Slipway.Sdk;

namespace Slipway.Foundation.Blobs;

/// <summary>
/// A bucket, a prefix in it and how to get there: <c>s3://bucket/prefix?endpoint=https://host&amp;region=eu-1</c>. What
/// the address leaves out comes from where AWS tools take it: AWS_* variables, profiles, the machine's role.
/// </summary>
internal sealed record S3Location(string Bucket, string Prefix)
{
    public const string Scheme = "s3://";
    private const int LongestPrefixBytes = 100; // with a path it has to fit into S3's 1024

    public string? Endpoint { get; init; }

    public string? Region { get; init; }

    public string? AccessKeyId { get; init; }

    public string? SecretAccessKey { get; init; }

    /// <summary>How long one request may take that brings no answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(60);

    public static S3Location Parse(string address)
    {
        var parts = address[Scheme.Length..].Split('?', 2);
        var names = parts[0].Split('/', 2);
        if (names[0].Length == 0)
            throw Unreadable("it names no bucket");
        var prefix = (names.Length == 2 ? names[1] : "").Trim('/');
        if (prefix.Length > LongestPrefixBytes || (prefix.Length > 0 && BlobPath.TryParse(prefix) is null))
            throw Unreadable("its prefix cannot be one");
        var location = new S3Location(names[0], prefix);
        foreach (var pair in (parts.Length == 2 ? parts[1] : "").Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var setting = pair.Split('=', 2);
            var value = Uri.UnescapeDataString(setting.Length == 2 ? setting[1] : "");
            location = setting[0] switch
            {
                "endpoint" => location with { Endpoint = RequireUrl(value) },
                "region" => location with { Region = value },
                "access_key_id" => location with { AccessKeyId = value },
                "secret_access_key" => location with { SecretAccessKey = value },
                _ => throw Unreadable("it may set endpoint, region, access_key_id and secret_access_key"),
            };
        }
        if (location.AccessKeyId is null != location.SecretAccessKey is null)
            throw Unreadable("it sets one of access_key_id and secret_access_key without the other");
        return location;
    }

    /// <summary>Without the key, which a record would show with the rest.</summary>
    public override string ToString() => $"{Scheme}{Bucket}/{Prefix}";

    private static string RequireUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? text
            : throw Unreadable("its endpoint is not an http or https address");

    // The address may hold a key, so it is never repeated.
    private static Fault Unreadable(string why) =>
        Fault.Invalid(
            "setup.blobs_address",
            $"The address of the artifacts cannot be read: {why}.",
            field: "--blobs",
            hint: "Write it as s3://bucket/prefix?endpoint=https://host:port&region=name, with the key in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY."
        );
}
