using System.Text.Json.Serialization;

namespace Slipway.Sdk.Governance;

/// <summary>What a workspace demands before a version is promoted.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record PolicyResource
{
    /// <summary>Grows with each change; given by the server.</summary>
    public int Number { get; init; }

    /// <summary>Somebody who manages the model has approved the version.</summary>
    public bool Approval { get; init; }

    /// <summary>Who approves is not who registered the version.</summary>
    public bool FourEyes { get; init; }

    /// <summary>An evaluation was passed.</summary>
    public bool Evaluation { get; init; }

    /// <summary>A trusted signature covers the files.</summary>
    public bool Signature { get; init; }

    /// <summary>The model or the version has the tag <c>owner</c>.</summary>
    public bool Owner { get; init; }

    /// <summary>Somebody has written the version's card.</summary>
    public bool Card { get; init; }

    /// <summary>The files lie in this server and were scanned.</summary>
    public bool Scan { get; init; }

    /// <summary>Public keys whose signatures count, in PEM form.</summary>
    public IReadOnlyList<string> TrustedKeys { get; set; } = [];

    /// <summary>Certificates of authorities whose certificates count, in PEM form.</summary>
    public IReadOnlyList<string> TrustedAuthorities { get; set; } = [];
}
