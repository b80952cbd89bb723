using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Identity;
using Slipway.Sdk;
using Verbs = Slipway.Identity.Actions.Roles;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on roles, what they are given, and who has them.</summary>
internal sealed class Roles(Verbs roles)
{
    private const string Everything = "*";

    private static readonly string[] ResourceTypes =
    [
        "experiment",
        "gateway_endpoint",
        "gateway_model_definition",
        "gateway_secret",
        "registered_model",
        "scorer",
        "workspace",
    ];

    public async Task<Answer> Create(Call call) =>
        One(
            await roles.CreateAsync(
                call.Caller,
                call.Fields.Required("workspace"),
                call.Fields.Required("name"),
                call.Fields.Text("description"),
                call.Cancellation
            )
        );

    public async Task<Answer> Get(Call call) =>
        One(await roles.GetAsync(call.Caller, Number(call, "role_id"), call.Cancellation));

    public async Task<Answer> List(Call call) =>
        Many(await roles.ListAsync(call.Caller, call.Fields.Text("workspace"), call.Cancellation));

    public async Task<Answer> Update(Call call) =>
        One(
            await roles.UpdateAsync(
                call.Caller,
                Number(call, "role_id"),
                call.Fields.Text("name"),
                call.Fields.Text("description"),
                call.Cancellation
            )
        );

    public async Task<Answer> Delete(Call call)
    {
        await roles.RemoveAsync(call.Caller, Number(call, "role_id"), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Assign(Call call)
    {
        var member = await roles.AssignAsync(
            call.Caller,
            Number(call, "role_id"),
            call.Fields.Required("username"),
            call.Cancellation
        );
        return writer =>
        {
            writer.WriteStartObject("assignment"u8);
            Write(writer, member);
            writer.WriteEndObject();
        };
    }

    public async Task<Answer> Unassign(Call call)
    {
        await roles.UnassignAsync(
            call.Caller,
            Number(call, "role_id"),
            call.Fields.Required("username"),
            call.Cancellation
        );
        return Call.Empty;
    }

    public async Task<Answer> OfUser(Call call) =>
        Many(await roles.OfUserAsync(call.Caller, call.Fields.Required("username"), call.Cancellation));

    public async Task<Answer> Members(Call call)
    {
        var members = await roles.MembersAsync(call.Caller, Number(call, "role_id"), call.Cancellation);
        return writer => WriteAll(writer, "assignments", members, Write);
    }

    public async Task<Answer> AddPermission(Call call)
    {
        var number = Number(call, "role_id");
        var role = await roles.GetAsync(call.Caller, number, call.Cancellation);
        var level = Permissions.Read(call.Fields);
        return Permission(
            await roles.GiveAsync(call.Caller, number, ReadResource(call.Fields, role), level, call.Cancellation)
        );
    }

    public async Task<Answer> UpdatePermission(Call call) =>
        Permission(
            await roles.ChangeAsync(
                call.Caller,
                Number(call, "role_permission_id"),
                Permissions.Read(call.Fields),
                call.Cancellation
            )
        );

    public async Task<Answer> RemovePermission(Call call)
    {
        await roles.TakeAsync(call.Caller, Number(call, "role_permission_id"), call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> ListPermissions(Call call)
    {
        var role = await roles.GetAsync(call.Caller, Number(call, "role_id"), call.Cancellation);
        return writer => WriteAll(writer, "role_permissions", role.Grants, Write);
    }

    private static long Number(Call call, string field) => call.Fields.Whole(field) ?? throw call.Fields.Missing(field);

    /// <summary>A pattern is one thing's name, or * for all of its type; the workspace meant is always the role's own.</summary>
    private static Resource ReadResource(WireObject fields, Role role)
    {
        var type = fields.Required("resource_type");
        var pattern = fields.Required("resource_pattern");
        return type switch
        {
            "workspace" when pattern == Everything => Resource.Workspace(role.Workspace),
            "workspace" => throw fields.Invalid("resource_pattern", pattern),
            "experiment" => pattern == Everything
                ? Resource.Every(ResourceKind.Experiment)
                : Resource.Experiment(pattern),
            "registered_model" => pattern == Everything
                ? Resource.Every(ResourceKind.RegisteredModel)
                : Resource.RegisteredModel(pattern),
            _ when ResourceTypes.Contains(type, StringComparer.Ordinal) => throw Fault.Unsupported(
                "mlflow.resource_unsupported",
                $"There are no permissions on the resource type '{type}' here."
            ),
            _ => throw Fault.Invalid(
                "mlflow.resource_type",
                $"Invalid resource type '{type}'. Valid resource types are: {string.Join(", ", ResourceTypes)}",
                "resource_type"
            ),
        };
    }

    private static Answer One(Role role) =>
        writer =>
        {
            writer.WriteStartObject("role"u8);
            Write(writer, role);
            writer.WriteEndObject();
        };

    private static Answer Many(IEnumerable<Role> found) => writer => WriteAll(writer, "roles", found, Write);

    private static Answer Permission(Grant grant) =>
        writer =>
        {
            writer.WriteStartObject("role_permission"u8);
            Write(writer, grant);
            writer.WriteEndObject();
        };

    private static void WriteAll<T>(
        Utf8JsonWriter writer,
        string name,
        IEnumerable<T> items,
        Action<Utf8JsonWriter, T> write
    )
    {
        writer.WriteStartArray(name);
        foreach (var item in items)
        {
            writer.WriteStartObject();
            write(writer, item);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, Role role)
    {
        writer.WriteNumber("id"u8, role.Number);
        writer.WriteString("name"u8, role.Name);
        writer.WriteString("workspace"u8, role.Workspace);
        writer.WriteString("description"u8, role.Description);
        WriteAll(writer, "permissions", role.Grants, Write);
    }

    private static void Write(Utf8JsonWriter writer, Grant grant)
    {
        writer.WriteNumber("id"u8, grant.Number);
        writer.WriteNumber("role_id"u8, grant.Holder.Number);
        writer.WriteString(
            "resource_type"u8,
            grant.Resource.Kind switch
            {
                ResourceKind.Experiment => "experiment",
                ResourceKind.RegisteredModel => "registered_model",
                _ => "workspace",
            }
        );
        var isAll = grant.Resource.Kind == ResourceKind.Workspace || grant.Resource.Id.Length == 0;
        writer.WriteString("resource_pattern"u8, isAll ? Everything : grant.Resource.Id);
        writer.WriteString("permission"u8, Permissions.Word(grant.Level));
    }

    private static void Write(Utf8JsonWriter writer, Membership member)
    {
        writer.WriteNumber("id"u8, member.Number);
        writer.WriteNumber("role_id"u8, member.RoleNumber);
        writer.WriteNumber("user_id"u8, member.UserNumber);
    }
}
