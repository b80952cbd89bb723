using Slipway.Sdk;

namespace Slipway.Registry;

/// <summary>What webhooks may be called and hold; the limits are those MLflow's clients know.</summary>
internal static class WebhookRules
{
    private const int NameLength = 63;
    private const int DescriptionLength = 1000;
    private const int UrlLength = 500;
    private const int SecretLength = 1000;

    /// <summary>How long a delivery is tried before it is given up.</summary>
    public static readonly TimeSpan TriedFor = TimeSpan.FromDays(3);

    /// <summary>How long what was delivered or given up can be looked at.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromDays(30);

    public static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LongestAskedRest = TimeSpan.FromHours(1);

    public static void Check(Webhook webhook, string? secret)
    {
        if (!IsName(webhook.Name))
            throw Fault.Invalid(
                "webhook.name",
                $"Webhook name '{webhook.Name}' is invalid. It must start and end with a letter or digit, be less than 63 characters long, "
                    + "and contain only letters, digits, dots (.), underscores (_), and hyphens (-).",
                "name"
            );
        if (webhook.Topics.Count == 0)
            throw Fault.Invalid("webhook.topics", "A webhook needs a non-empty list of events.", "events");
        if (string.IsNullOrWhiteSpace(webhook.Url))
            throw Fault.Invalid(
                "webhook.url",
                $"Webhook URL cannot be empty or just whitespace: '{webhook.Url}'",
                "url"
            );
        Length(webhook.Url, UrlLength, "url");
        Length(webhook.Description ?? "", DescriptionLength, "description");
        Length(secret ?? "", SecretLength, "secret");
    }

    /// <summary>Twice as long after each failure; longer where the receiver asks for it.</summary>
    public static TimeSpan Rest(int failures, TimeSpan? asked)
    {
        var rest = TimeSpan.FromSeconds(Math.Min(LongestRest.TotalSeconds, Math.Pow(2, Math.Min(failures, 16) - 1)));
        if (asked is { } wanted && wanted > rest)
            rest = wanted < LongestAskedRest ? wanted : LongestAskedRest;
        return rest;
    }

    private static void Length(string text, int limit, string field)
    {
        if (text.Length > limit)
            throw Fault.Invalid(
                "webhook.too_long",
                $"'{field}' has {text.Length} characters; {limit} are possible.",
                field
            );
    }

    private static bool IsName(string text) =>
        text.Length is > 0 and <= NameLength
        && char.IsAsciiLetterOrDigit(text[0])
        && char.IsAsciiLetterOrDigit(text[^1])
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
