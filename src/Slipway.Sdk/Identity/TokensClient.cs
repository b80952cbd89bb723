namespace Slipway.Sdk.Identity;

/// <summary>The calls on tokens.</summary>
public sealed class TokensClient
{
    private const string Root = "api/v1/tokens";

    private readonly Connection connection;

    internal TokensClient(Connection connection) => this.connection = connection;

    /// <summary>Makes a token. What it answers holds the token's text, which nobody can ask for again.</summary>
    public Task<NewToken> CreateAsync(TokenCreate token, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, token, IdentityJson.Default.TokenCreate).Once(),
            IdentityJson.Default.NewToken,
            cancellation
        );

    /// <summary>The tokens of a user; of whoever asks where none is named.</summary>
    public Task<IReadOnlyList<TokenResource>> ListAsync(
        string? user = null,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.Get(user is null ? Root : $"{Root}?user={Uri.EscapeDataString(user)}"),
            IdentityJson.Default.Tokens,
            cancellation
        );

    /// <summary>Ends a token, everywhere within a second.</summary>
    public Task RevokeAsync(string id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{Root}/{Uri.EscapeDataString(id)}"), cancellation);
}
