using System.Net;

namespace Slipway.Foundation.Basics;

/// <summary>What `slipway up` was told; rooms take it from the services.</summary>
public sealed record ServerSettings
{
    public required string DataPath { get; init; }

    /// <summary>A PostgreSQL address; null for the SQLite file in the data folder.</summary>
    public string? Store { get; init; }

    /// <summary>A folder or an <c>s3://</c> address; null for the folder in the data folder.</summary>
    public string? Blobs { get; init; }

    public required IPEndPoint Listen { get; init; }

    /// <summary>Asks for a login on loopback too; on any other address it is asked for in any case.</summary>
    public bool Login { get; init; }

    public bool AllowReset { get; init; }

    /// <summary>Host names this server is called by, besides those of its own machine and network.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = [];

    /// <summary>Origins of web pages that may change things here, besides this server's own.</summary>
    public IReadOnlyList<string> AllowedOrigins { get; init; } = [];

    /// <summary>Proxies in front of this server that are believed when they say where a request comes from.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How many requests a second each caller may send; null for any number.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>How many of a kind each workspace may have; any number of what is not named.</summary>
    public IReadOnlyDictionary<string, long> Quotas { get; init; } = new Dictionary<string, long>();

    /// <summary>Lets webhooks lead to addresses of this server's own network, and to plain http.</summary>
    public bool AllowPrivateTargets { get; init; }

    public bool NeedsLogin => Login || !IsLoopback;

    public bool IsLoopback => IPAddress.IsLoopback(Listen.Address);
}
