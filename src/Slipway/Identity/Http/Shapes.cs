using Slipway.Foundation.Http;
using Slipway.Sdk;
using Wire = Slipway.Sdk.Identity;

namespace Slipway.Identity.Http;

/// <summary>Nouns of Identity as records of the native API, and back.</summary>
internal static class Shapes
{
    public static Caller Caller(this ApiCall call) => Identity.Caller.Of(call.Http.User);

    public static Wire.UserResource Of(User user) =>
        new()
        {
            Id = user.Number,
            Name = user.Name,
            IsAdmin = user.IsAdmin,
            CreatedMs = user.CreatedMs,
        };

    public static Wire.TokenResource Of(Token token) =>
        new()
        {
            Id = token.Id,
            User = token.UserName,
            Name = token.Name,
            Workspace = token.Workspace,
            Hint = token.Hint,
            CreatedMs = token.CreatedMs,
            ExpiresMs = token.ExpiresMs,
        };

    public static Wire.GrantResource Of(Grant grant) =>
        new()
        {
            Id = grant.Number,
            User = grant.Holder.Kind == HolderKind.User ? grant.HolderName : null,
            Role = grant.Holder.Kind == HolderKind.Role ? grant.HolderName : null,
            Workspace = grant.Workspace,
            Kind = (Wire.GrantKind)grant.Resource.Kind,
            On = grant.Resource.Id.Length == 0 ? null : grant.Resource.Id,
            Level = (Wire.AccessLevel)grant.Level,
            GivenMs = grant.GivenMs,
        };

    public static Wire.RoleResource Of(Role role) =>
        new()
        {
            Id = role.Number,
            Workspace = role.Workspace,
            Name = role.Name,
            Description = role.Description,
            Grants = [.. role.Grants.Select(Of)],
        };

    public static Wire.WorkspaceResource Of(Workspace workspace) =>
        new()
        {
            Name = workspace.Name,
            Description = workspace.Description,
            CreatedMs = workspace.CreatedMs,
        };

    public static Level Read(Wire.AccessLevel level) => (Level)level;

    /// <summary>The thing that a kind and a name mean; without a name all of the kind, or the workspace given.</summary>
    public static Resource Read(Wire.GrantKind kind, string? on, string workspace) =>
        kind switch
        {
            Wire.GrantKind.Server => Resource.Server,
            Wire.GrantKind.Workspace => Resource.Workspace(on ?? workspace),
            _ when on is "" => throw Fault.Invalid("grant.on", "'on' names nothing; leave it out for all.", "on"),
            _ => new Resource((ResourceKind)kind, on ?? ""),
        };

    public static Resource Read(string kind, string? on, string workspace) =>
        kind switch
        {
            "server" => Resource.Server,
            "workspace" => Read(Wire.GrantKind.Workspace, on, workspace),
            "experiment" => Read(Wire.GrantKind.Experiment, on, workspace),
            "registered_model" => Read(Wire.GrantKind.RegisteredModel, on, workspace),
            _ => throw Fault.Invalid(
                "grant.kind",
                $"'{kind}' is not workspace, experiment, registered_model or server.",
                "kind"
            ),
        };
}
