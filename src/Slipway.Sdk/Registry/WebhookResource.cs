using System.Text.Json.Serialization;

namespace Slipway.Sdk.Registry;

/// <summary>An address outside that is told what happens to models.</summary>
public sealed record WebhookResource
{
    /// <summary>Its id.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>What is called.</summary>
    public required string Url { get; init; }

    /// <summary>What it is told of, such as MODEL_VERSION.CREATED.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>Whether it is told anything at the moment.</summary>
    public bool Active { get; init; }

    /// <summary>Whether what it is told is signed.</summary>
    public bool HasSecret { get; init; }

    /// <summary>How many attempts in a row have failed.</summary>
    public int Failures { get; init; }

    /// <summary>Until when it is left alone after a failure, in milliseconds since 1970, UTC.</summary>
    public long? RestsUntilMs { get; init; }

    /// <summary>When it was made, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }

    /// <summary>When it was last changed, in milliseconds since 1970, UTC.</summary>
    public long UpdatedMs { get; init; }
}

/// <summary>What is said of a webhook to be made.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookCreate
{
    /// <summary>What people call it.</summary>
    public required string Name { get; init; }

    /// <summary>What is called: https, and public unless the server was told otherwise.</summary>
    public required string Url { get; init; }

    /// <summary>What it is told of, such as MODEL_VERSION.CREATED.</summary>
    public required IReadOnlyList<string> Events { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Signs what it is told; never given out.</summary>
    public string? Secret { get; init; }
}

/// <summary>What is to change of a webhook; what is absent stays.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record WebhookChange
{
    /// <summary>What people call it.</summary>
    public string? Name { get; init; }

    /// <summary>What is called.</summary>
    public string? Url { get; init; }

    /// <summary>What it is told of.</summary>
    public IReadOnlyList<string>? Events { get; init; }

    /// <summary>What it is for.</summary>
    public string? Description { get; init; }

    /// <summary>Signs what it is told.</summary>
    public string? Secret { get; init; }

    /// <summary>False switches it off: nothing is written down for it, and what waits goes on waiting.</summary>
    public bool? Active { get; init; }
}

/// <summary>What came back from a test.</summary>
public sealed record WebhookTrial
{
    /// <summary>Whether the receiver took it.</summary>
    public bool Success { get; init; }

    /// <summary>The status of the answer.</summary>
    public int? Status { get; init; }

    /// <summary>The beginning of the answer.</summary>
    public string? Body { get; init; }

    /// <summary>Why there was no answer.</summary>
    public string? Failure { get; init; }
}

/// <summary>One thing that a webhook is told.</summary>
public sealed record DeliveryResource
{
    /// <summary>The same for every attempt, by which a receiver knows a repetition.</summary>
    public required string Id { get; init; }

    /// <summary>Its place in the record of events.</summary>
    public long Position { get; init; }

    /// <summary>The model it is about.</summary>
    public required string Model { get; init; }

    /// <summary>What happened.</summary>
    public required string Event { get; init; }

    /// <summary>waiting, delivered or dead.</summary>
    public required string State { get; init; }

    /// <summary>How often it was tried.</summary>
    public int Attempts { get; init; }

    /// <summary>Why the last attempt failed.</summary>
    public string? Failure { get; init; }

    /// <summary>When it was written down, in milliseconds since 1970, UTC.</summary>
    public long CreatedMs { get; init; }

    /// <summary>When it was delivered or given up, in milliseconds since 1970, UTC.</summary>
    public long? SettledMs { get; init; }
}
