namespace Slipway.Registry;

/// <summary>An address outside that is told what happens to models. Its secret is never given out.</summary>
public sealed record Webhook
{
    public required string Id { get; init; }

    public required string Workspace { get; init; }

    public required string Name { get; init; }

    public string? Description { get; init; }

    public required string Url { get; init; }

    public required IReadOnlyList<WebhookTopic> Topics { get; init; }

    public bool IsActive { get; init; } = true;

    public bool HasSecret => SealedSecret is not null;

    /// <summary>How many deliveries in a row could not be made.</summary>
    public int Failures { get; init; }

    /// <summary>Until when nothing is sent, because the last delivery failed.</summary>
    public long RestsUntilMs { get; init; }

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    internal string? SealedSecret { get; init; }
}

public sealed record WebhookPage(IReadOnlyList<Webhook> Webhooks, bool HasMore);

/// <summary>What somebody asks for who makes a webhook.</summary>
public sealed record NewWebhook(string Name, string Url, IReadOnlyList<WebhookTopic> Topics)
{
    public string? Description { get; init; }

    public string? Secret { get; init; }

    public bool IsActive { get; init; } = true;
}

/// <summary>What is to change; null leaves as it is.</summary>
public sealed record WebhookChange
{
    public string? Name { get; init; }

    public string? Description { get; init; }

    public string? Url { get; init; }

    public IReadOnlyList<WebhookTopic>? Topics { get; init; }

    public string? Secret { get; init; }

    public bool? IsActive { get; init; }
}

/// <summary>What became of a test: an answer, or why there was none.</summary>
public sealed record WebhookTrial(int? Status, string? Body, string? Failure)
{
    public bool Succeeded => Failure is null && Status < 400;
}

/// <summary>One thing that one webhook is told.</summary>
public sealed record Delivery
{
    /// <summary>The same for every attempt, so that a receiver knows a repetition.</summary>
    public required string Id { get; init; }

    public required string WebhookId { get; init; }

    /// <summary>The place in the record of events; deliveries of one lane are made in its order.</summary>
    public required long Position { get; init; }

    /// <summary>The model it is about: what happens to one model is told in order.</summary>
    public required string Lane { get; init; }

    public required WebhookTopic Topic { get; init; }

    public required string Body { get; init; }

    public DeliveryState State { get; init; }

    public int Attempts { get; init; }

    public required long CreatedMs { get; init; }

    /// <summary>Since when it has been tried; anew where it was given up and is delivered again by hand.</summary>
    public required long SinceMs { get; init; }

    public long? SettledMs { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Failure { get; init; }
}

public enum DeliveryState
{
    Waiting = 0,
    Delivered = 1,

    /// <summary>Given up: it can be read, and delivered again by hand.</summary>
    Dead = 2,
}
