using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Sdk;

namespace Slipway.Doors.Mlflow;

/// <summary>What a user was given on one experiment or one registered model: a view of the table of grants.</summary>
internal sealed class Permissions(Grants grants)
{
    public PermissionCalls OnExperiments { get; } =
        new(grants, "experiment_permission", "experiment_id", Resource.Experiment);

    public PermissionCalls OnModels { get; } =
        new(grants, "registered_model_permission", "name", Resource.RegisteredModel);

    /// <summary>MLflow's word for a level.</summary>
    public static string Word(Level level) =>
        level switch
        {
            Level.None => "NO_PERMISSIONS",
            Level.Read => "READ",
            Level.Use => "USE",
            Level.Edit => "EDIT",
            _ => "MANAGE",
        };

    public static Level Read(WireObject fields)
    {
        var word = fields.Required("permission");
        return word switch
        {
            "NO_PERMISSIONS" => Level.None,
            "READ" => Level.Read,
            "USE" => Level.Use,
            "EDIT" => Level.Edit,
            "MANAGE" => Level.Manage,
            _ => throw Fault.Invalid(
                "mlflow.permission",
                $"Invalid permission '{word}'. Valid permissions are: READ, USE, EDIT, MANAGE, NO_PERMISSIONS",
                "permission"
            ),
        };
    }

    public static void Write(Utf8JsonWriter writer, Grant grant)
    {
        var isModel = grant.Resource.Kind == ResourceKind.RegisteredModel;
        writer.WriteString(isModel ? "name"u8 : "experiment_id"u8, grant.Resource.Id);
        writer.WriteString("permission"u8, Word(grant.Level));
        writer.WriteNumber("user_id"u8, grant.Holder.Number);
        if (isModel)
            writer.WriteString("workspace"u8, grant.Workspace);
    }
}

/// <summary>The four calls on permissions, for one kind of thing.</summary>
internal sealed class PermissionCalls(Grants grants, string answer, string idField, Func<string, Resource> resource)
{
    public async Task<Answer> Create(Call call) =>
        One(
            await grants.AddAsync(
                call.Caller,
                call.Fields.Required("username"),
                ReadResource(call),
                Permissions.Read(call.Fields),
                call.Cancellation
            )
        );

    public async Task<Answer> Get(Call call) =>
        One(
            await grants.GetAsync(call.Caller, call.Fields.Required("username"), ReadResource(call), call.Cancellation)
        );

    public async Task<Answer> Update(Call call)
    {
        await grants.ChangeAsync(
            call.Caller,
            call.Fields.Required("username"),
            ReadResource(call),
            Permissions.Read(call.Fields),
            call.Cancellation
        );
        return Call.Empty;
    }

    public async Task<Answer> Delete(Call call)
    {
        await grants.TakeAsync(call.Caller, call.Fields.Required("username"), ReadResource(call), call.Cancellation);
        return Call.Empty;
    }

    private Resource ReadResource(Call call) => resource(call.Fields.Required(idField));

    private Answer One(Grant grant) =>
        writer =>
        {
            writer.WriteStartObject(answer);
            Permissions.Write(writer, grant);
            writer.WriteEndObject();
        };
}
