namespace Slipway.Sdk.Identity;

/// <summary>The calls on workspaces.</summary>
public sealed class WorkspacesClient
{
    private const string Root = "api/v1/workspaces";

    private readonly Connection connection;

    internal WorkspacesClient(Connection connection) => this.connection = connection;

    /// <summary>Makes a workspace; a taken name is a conflict.</summary>
    public Task<WorkspaceResource> CreateAsync(WorkspaceCreate workspace, CancellationToken cancellation = default) =>
        connection.SendAsync(
            Call.With(HttpMethod.Post, Root, workspace, IdentityJson.Default.WorkspaceCreate).Once(),
            IdentityJson.Default.WorkspaceResource,
            cancellation
        );

    /// <summary>The workspaces that whoever asks may read.</summary>
    public Task<IReadOnlyList<WorkspaceResource>> ListAsync(CancellationToken cancellation = default) =>
        connection.SendAsync(Call.Get(Root), IdentityJson.Default.Workspaces, cancellation);

    /// <summary>Changes what a workspace says it is for.</summary>
    public Task<WorkspaceResource> DescribeAsync(
        string name,
        string description,
        CancellationToken cancellation = default
    ) =>
        connection.SendAsync(
            Call.With(
                HttpMethod.Patch,
                $"{Root}/{Uri.EscapeDataString(name)}",
                new WorkspaceChange { Description = description },
                IdentityJson.Default.WorkspaceChange
            ),
            IdentityJson.Default.WorkspaceResource,
            cancellation
        );
}
