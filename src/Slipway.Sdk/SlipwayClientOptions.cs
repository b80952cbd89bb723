using Slipway.Sdk.Tracking;

namespace Slipway.Sdk;

/// <summary>How a <see cref="SlipwayClient"/> reaches its server.</summary>
public sealed record SlipwayClientOptions
{
    /// <summary>An API token; goes before <see cref="User"/>.</summary>
    public string? Token { get; init; }

    /// <summary>A user, who says <see cref="Password"/>.</summary>
    public string? User { get; init; }

    /// <summary>The user's password.</summary>
    public string? Password { get; init; }

    /// <summary>The workspace to work in; null for the token's own, or the default one.</summary>
    public string? Workspace { get; init; }

    /// <summary>How long one attempt of a call may take. Transfers of artifacts take as long as they need.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a call that may be repeated without harm is sent again while the server is busy or away.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>How runs log in the background.</summary>
    public RunLogging Logging { get; init; } = new();

    /// <summary>Carries the requests in place of the built-in one: for proxies, certificates and tests. It is not disposed.</summary>
    public HttpMessageHandler? Handler { get; init; }

    /// <summary>Where the time of logged values comes from.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
