using System.Net;
using System.Text;
using Slipway.Identity.Storage;
using Slipway.Sdk;

namespace Slipway.Identity.Actions;

/// <summary>What a request brought along to say who sends it.</summary>
internal readonly record struct Credentials(string? Authorization, string? Workspace, IPAddress? Address);

/// <summary>
/// Finds out who sends a request: by name and password (HTTP Basic) or by token (Bearer). Both are looked for in memory;
/// only a password not seen lately costs its slow hash.
/// </summary>
internal sealed class SignIn(AccessBook book, VerifiedPasswords passwords, SignInLimits limits, TimeProvider clock)
{
    private const string Basic = "Basic ";
    private const string Bearer = "Bearer ";
    private const int SecretLimit = 128;

    private static readonly Fault Unknown = new(
        FaultKind.Unauthenticated,
        "identity.unauthenticated",
        "You are not authenticated.",
        "Send a user name and password (HTTP Basic) or an API token (Bearer)."
    );

    public async ValueTask<Caller> AuthenticateAsync(Credentials credentials, CancellationToken cancellation = default)
    {
        if (credentials.Authorization is not { } header)
            throw Unknown;
        await book.RefreshAsync(cancellation);
        if (header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
            return ByToken(header[Bearer.Length..].Trim(), credentials);
        if (header.StartsWith(Basic, StringComparison.OrdinalIgnoreCase))
            return CallerFor(await ByPasswordAsync(header, credentials), credentials, Caller.DefaultWorkspace);
        throw Unknown;
    }

    /// <summary>Who asks a server without login.</summary>
    public async ValueTask<Caller> OperatorAsync(string workspace, CancellationToken cancellation = default)
    {
        await book.RefreshAsync(cancellation);
        return book.People.Workspaces.Contains(workspace)
            ? Caller.Operator(workspace: workspace)
            : throw NoWorkspace(workspace);
    }

    /// <summary>The user that a refused request named; empty for names of nobody, which may be passwords typed into the wrong field.</summary>
    public string NameIn(string? authorization) =>
        authorization is not null
        && authorization.StartsWith(Basic, StringComparison.OrdinalIgnoreCase)
        && TryReadBasic(authorization.AsSpan(Basic.Length), out var name, out _)
        && book.People.ByName.ContainsKey(name)
            ? name
            : "";

    private Caller ByToken(string secret, Credentials credentials)
    {
        var people = book.People;
        // The table is asked by hash, so the time it takes tells nothing about the tokens in it.
        if (
            secret.Length <= SecretLimit
            && secret.StartsWith(TokenSecret.Prefix, StringComparison.Ordinal)
            && people.Tokens.TryGetValue(TokenSecret.HashOf(secret), out var token)
            && token.IsGoodAt(clock.GetUtcNow().ToUnixTimeMilliseconds())
            && people.ByNumber.TryGetValue(token.UserNumber, out var person)
        )
            return CallerFor(person, credentials, token.Workspace);
        limits.Check(credentials.Address, "");
        limits.CountFailure(credentials.Address, "");
        throw Unknown;
    }

    private async ValueTask<Person> ByPasswordAsync(string header, Credentials credentials)
    {
        if (!TryReadBasic(header.AsSpan(Basic.Length), out var name, out var password))
            throw Unknown;
        var person = book.People.ByName.GetValueOrDefault(name);
        var storedHash = person?.PasswordHash ?? PasswordHash.Decoy;
        var credential = passwords.CredentialOf(header);
        if (person is not null && passwords.IsKnown(credential, storedHash))
            return person;
        limits.Check(credentials.Address, name);
        if (await passwords.VerifyAsync(credential, storedHash, password) && person is not null)
            return person;
        limits.CountFailure(credentials.Address, name);
        throw Unknown;
    }

    private Caller CallerFor(Person person, Credentials credentials, string workspace)
    {
        var named = credentials.Workspace;
        var place = named ?? workspace;
        var isAdmin = book.ManagesServer(person);
        var standing = book.StandingOf(person, place);
        if (place != Caller.DefaultWorkspace || named is not null)
        {
            // A workspace in which the caller was never given anything does not exist for them.
            if (!book.People.Workspaces.Contains(place) || !(isAdmin || standing.IsMember))
                throw NoWorkspace(place);
        }
        Func<Resource, Level> levelOn = isAdmin
            ? _ => Level.Manage
            : resource => LevelOf(person, standing, place, resource);
        return new Caller(person.Name, place, levelOn)
        {
            UserNumber = person.Number,
            Address = credentials.Address?.ToString() ?? "",
        };
    }

    private Level LevelOf(Person person, Standing standing, string workspace, Resource resource) =>
        resource.Kind switch
        {
            ResourceKind.Server => Level.None,
            ResourceKind.Workspace when resource.Id != workspace => book.StandingOf(person, resource.Id).OnWorkspace,
            ResourceKind.Workspace => standing.OnWorkspace,
            _ => standing.On(resource),
        };

    private static Fault NoWorkspace(string name) =>
        Fault.NotFound("workspace.not_found", $"There is no workspace '{name}'.");

    private static bool TryReadBasic(ReadOnlySpan<char> encoded, out string name, out string password)
    {
        name = password = "";
        Span<byte> bytes = stackalloc byte[1536];
        if (encoded.Length > 2048 || !Convert.TryFromBase64Chars(encoded.Trim(), bytes, out var length))
            return false;
        var text = bytes[..length];
        var colon = text.IndexOf((byte)':');
        if (colon < 0)
            return false;
        name = Encoding.UTF8.GetString(text[..colon]);
        password = Encoding.UTF8.GetString(text[(colon + 1)..]);
        return true;
    }
}
