namespace Slipway.Sdk.Identity;

/// <summary>The calls on roles of the client's workspace.</summary>
public sealed class RolesClient
{
    private const string Root = "api/v1/roles";

    private readonly Connection connection;

    internal RolesClient(Connection connection) => this.connection = connection;

    /// <summary>Makes a role; a name taken in the workspace is a conflict.</summary>
    public Task<RoleResource> CreateAsync(RoleCreate role, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, role, IdentityJson.Default.RoleCreate).Once(),
            IdentityJson.Default.RoleResource,
            cancellation
        );

    /// <summary>The role of this number.</summary>
    public Task<RoleResource> GetAsync(long id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get($"{Root}/{id}"), IdentityJson.Default.RoleResource, cancellation);

    /// <summary>The roles of the workspace.</summary>
    public Task<IReadOnlyList<RoleResource>> ListAsync(CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(Root), IdentityJson.Default.Roles, cancellation);

    /// <summary>Changes name or description.</summary>
    public Task<RoleResource> ChangeAsync(long id, RoleChange change, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Patch, $"{Root}/{id}", change, IdentityJson.Default.RoleChange),
            IdentityJson.Default.RoleResource,
            cancellation
        );

    /// <summary>Removes a role with what it gave.</summary>
    public Task RemoveAsync(long id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{Root}/{id}"), cancellation);

    /// <summary>Gives all who have the role a level.</summary>
    public Task<GrantResource> GiveAsync(long id, RoleGrantCreate grant, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, $"{Root}/{id}/grants", grant, IdentityJson.Default.RoleGrantCreate).Once(),
            IdentityJson.Default.GrantResource,
            cancellation
        );

    /// <summary>Changes the level of a role's grant.</summary>
    public Task<GrantResource> ChangeGrantAsync(
        long grantId,
        AccessLevel level,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(
                HttpMethod.Patch,
                $"{Root}/grants/{grantId}",
                new GrantChange { Level = level },
                IdentityJson.Default.GrantChange
            ),
            IdentityJson.Default.GrantResource,
            cancellation
        );

    /// <summary>Takes a role's grant back.</summary>
    public Task TakeAsync(long grantId, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete($"{Root}/grants/{grantId}"), cancellation);

    /// <summary>The users who have the role.</summary>
    public Task<IReadOnlyList<MemberResource>> MembersAsync(long id, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get($"{Root}/{id}/members"), IdentityJson.Default.Members, cancellation);

    /// <summary>Gives a user the role; one who has it keeps it.</summary>
    public Task AssignAsync(long id, string user, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Put(MemberPath(id, user)), cancellation);

    /// <summary>Takes the role from a user.</summary>
    public Task UnassignAsync(long id, string user, CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Delete(MemberPath(id, user)), cancellation);

    private static string MemberPath(long id, string user) => $"{Root}/{id}/members/{Uri.EscapeDataString(user)}";
}
