using System.Security.Cryptography;
using Slipway.Foundation.Sql;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>The verbs of tokens: everybody has their own; who manages the server also has those of others.</summary>
public sealed class Tokens
{
    private const int PerUser = 1000;
    private static readonly TimeSpan LongestLife = TimeSpan.FromDays(3660);

    private readonly Db db;
    private readonly AccessBook book;
    private readonly TimeProvider clock;

    internal Tokens(Db db, AccessBook book, TimeProvider clock)
    {
        this.db = db;
        this.book = book;
        this.clock = clock;
    }

    /// <summary>Makes a token that signs the user in, for a time or until it is revoked, into the caller's workspace.</summary>
    public Task<NewToken> CreateAsync(
        Caller caller,
        string userName,
        string name,
        TimeSpan? lifetime,
        CancellationToken cancellation = default
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
        var nowMs = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var token = new Token
        {
            Id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)),
            UserName = userName,
            Name = name,
            Workspace = caller.Workspace,
            Hint = TokenSecret.HintOf(secret),
            CreatedMs = nowMs,
            ExpiresMs = lifetime is { } life ? nowMs + (long)life.TotalMilliseconds : null,
        };
        return db.WriteAsync(
            tx =>
            {
                var user = Users.Find(tx, userName);
                if (TokenStore.Of(tx, user.Number).Count >= PerUser)
                    throw Fault.Conflict("token.too_many", $"'{userName}' has {PerUser} tokens.", "Revoke some first.");
                TokenStore.Insert(tx, token, user.Number, TokenSecret.HashOf(secret));
                tx.AfterCommit(book.Invalidate);
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
        return db.ReadAsync(
            tx => userName is null ? TokenStore.All(tx) : TokenStore.Of(tx, Users.Find(tx, userName).Number),
            cancellation
        );
    }

    /// <summary>Ends a token: on this server at once, on others of the same store within a second.</summary>
    public Task RevokeAsync(Caller caller, string id, CancellationToken cancellation = default) =>
        db.WriteAsync(
            tx =>
            {
                var token = TokenStore.Find(tx, id);
                var isOwn = token is not null && caller.UserNumber != 0 && token.UserName == caller.User;
                if (token is null || !(isOwn || caller.Can(Level.Manage, Resource.Server)))
                    throw Fault.NotFound("token.not_found", $"There is no token {id}.");
                TokenStore.Remove(tx, id);
                tx.AfterCommit(book.Invalidate);
            },
            cancellation
        );
}
