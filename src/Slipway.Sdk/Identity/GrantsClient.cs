namespace Slipway.Sdk.Identity;

/// <summary>The calls on what users were given.</summary>
public sealed class GrantsClient
{
    private const string Root = "api/v1/grants";

    private readonly Connection connection;

    internal GrantsClient(Connection connection) => this.connection = connection;

    /// <summary>Gives a user a level, in place of what they were given on the thing before.</summary>
    public Task<GrantResource> PutAsync(GrantPut grant, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Put, Root, grant, IdentityJson.Default.GrantPut),
            IdentityJson.Default.GrantResource,
            cancellation
        );

    /// <summary>Takes back what a user was given on a thing.</summary>
    public Task TakeAsync(string user, GrantKind kind, string? on = null, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{Root}?user={Uri.EscapeDataString(user)}&{On(kind, on)}"), cancellation);

    /// <summary>All that a user was given.</summary>
    public Task<IReadOnlyList<GrantResource>> OfUserAsync(string user, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.Get($"{Root}?user={Uri.EscapeDataString(user)}"),
            IdentityJson.Default.Grants,
            cancellation
        );

    /// <summary>All that was given on a thing, to users and to roles.</summary>
    public Task<IReadOnlyList<GrantResource>> OnAsync(
        GrantKind kind,
        string? on = null,
        CancellationToken cancellation = default
    ) => connection.SendAsync(Call.Get($"{Root}?{On(kind, on)}"), IdentityJson.Default.Grants, cancellation);

    private static string On(GrantKind kind, string? on) =>
        $"kind={(kind == GrantKind.RegisteredModel ? "registered_model" : kind.ToString().ToLowerInvariant())}"
        + (on is null ? "" : $"&on={Uri.EscapeDataString(on)}");
}
