namespace Slipway.Sdk.Identity;

/// <summary>The calls on users.</summary>
public sealed class UsersClient
{
    private const string Root = "api/v1/users";

    private readonly Connection connection;

    internal UsersClient(Connection connection) => this.connection = connection;

    /// <summary>Adds a user; a taken name is a conflict.</summary>
    public Task<UserResource> CreateAsync(UserCreate user, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, user, IdentityJson.Default.UserCreate).Once(),
            IdentityJson.Default.UserResource,
            cancellation
        );

    /// <summary>The user of this name.</summary>
    public Task<UserResource> GetAsync(string name, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(PathOf(name)), IdentityJson.Default.UserResource, cancellation);

    /// <summary>All users, as they were added.</summary>
    public Task<IReadOnlyList<UserResource>> ListAsync(CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(Root), IdentityJson.Default.Users, cancellation);

    /// <summary>Changes the password, or the power over the whole server.</summary>
    public Task<UserResource> ChangeAsync(string name, UserChange change, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, PathOf(name), change, IdentityJson.Default.UserChange),
            IdentityJson.Default.UserResource,
            cancellation
        );

    /// <summary>Removes a user with their tokens and grants; what they made stays.</summary>
    public Task RemoveAsync(string name, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(PathOf(name)), cancellation);

    private static string PathOf(string name) => $"{Root}/{Uri.EscapeDataString(name)}";
}
