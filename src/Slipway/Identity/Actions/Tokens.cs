using System.Security.Cryptography;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>The verbs of tokens: everybody has their own; who manages the server also has those of others.</summary>
public sealed class Tokens
{
    private const int PerUser = 1000;
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3660);

    private readonly Ledger ledger;

    internal Tokens(Ledger ledger) => this.ledger = ledger;

    /// <summary>Makes a token that signs the user in, for a time or until it is revoked, into the caller's workspace.</summary>
    public Task<NewToken> CreateAsync(
        Caller caller,
        string userName,
        string name,
        TimeSpan? lifetime,
        CancellationToken cancellation = default
    ) => CreateAsync(caller, userName, name, lifetime, isSession: false, cancellation);

    /// <summary>Makes a token that keeps a browser of the caller signed in, until it has lived or the password changes.</summary>
    internal Task<NewToken> BeginSessionAsync(
        Caller caller,
        TimeSpan lifetime,
        CancellationToken cancellation = default
    ) => CreateAsync(caller, caller.User, "browser", lifetime, isSession: true, cancellation);

    private Task<NewToken> CreateAsync(
        Caller caller,
        string userName,
        string name,
        TimeSpan? lifetime,
        bool isSession,
        CancellationToken cancellation
    )
    {
        Users.RequireSelfOrAdmin(caller, userName);
        IdentityRules.Label(name);
        if (lifetime <= TimeSpan.Zero || lifetime > LongestLife)
            throw Fault.Invalid(
                "token.lifetime",
                "A token lives for a second at least and ten years at most.",
                "expires_in"
            );
        var secret = TokenSecret.New();
        var nowMs = ledger.NowMs;
        var token = new Token
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            UserName = userName,
            Name = name,
            Workspace = caller.Workspace,
            Hint = TokenSecret.HintOf(secret),
            CreatedMs = nowMs,
            ExpiresMs = lifetime is { } life ? nowMs + (long)life.TotalMilliseconds : null,
            IsSession = isSession,
        };
        return ledger.WriteAsync(
            tx =>
            {
                var user = Users.Find(tx, userName);
                if (TokenStore.Of(tx, user.Number).Count >= PerUser)
                    throw Fault.Conflict("token.too_many", $"'{userName}' has {PerUser} tokens.", "Revoke some first.");
                TokenStore.Insert(tx, token, user.Number, TokenSecret.HashOf(secret));
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.TokenCreated, token));
                return new NewToken(token, secret);
            },
            cancellation
        );
    }

    /// <summary>The tokens of a user, or of all users where none is named.</summary>
    public Task<List<Token>> ListAsync(Caller caller, string? userName, CancellationToken cancellation = default)
    {
        if (userName is null)
            caller.Require(Level.Manage, Resource.Server);
        else
            Users.RequireSelfOrAdmin(caller, userName);
        return ledger.ReadAsync(
            tx => userName is null ? TokenStore.All(tx) : TokenStore.Of(tx, Users.Find(tx, userName).Number),
            cancellation
        );
    }

    /// <summary>Ends a token: on this server at once, on others of the same store within a second.</summary>
    public Task RevokeAsync(Caller caller, string id, CancellationToken cancellation = default) =>
        ledger.WriteAsync(
            tx =>
            {
                var token = TokenStore.Find(tx, id);
                var isOwn = token is not null && Users.IsSelf(caller, token.UserName);
                if (token is null || !(isOwn || caller.Can(Level.Manage, Resource.Server)))
                    throw Fault.NotFound("token.not_found", $"There is no token {id}.");
                TokenStore.Remove(tx, id);
                ledger.Tell(tx, IdentityEvents.Of(caller, IdentityEvents.TokenRevoked, token));
            },
            cancellation
        );
}
