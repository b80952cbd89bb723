using System.Text.Json;
using Slipway.Doors.Mlflow.Wire;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Sdk;
using Verbs = Slipway.Identity.Actions.Users;

namespace Slipway.Doors.Mlflow;

/// <summary>The calls on users. One made here has what MLflow gives by default: to read everything and to make things of their own.</summary>
internal sealed class Users(Verbs users, Grants grants)
{
    public async Task<Answer> Create(Call call)
    {
        var name = call.Fields.Text("username");
        var password = call.Fields.Text("password");
        if (string.IsNullOrEmpty(name) || string.IsNullOrEmpty(password))
            throw Fault.Invalid("mlflow.empty_credentials", "Username and password cannot be empty.");
        var user = await users.CreateAsync(call.Caller, name, password, Level.Use, cancellation: call.Cancellation);
        return One(user, []);
    }

    /// <summary>MLflow's sign-up page posts here; there is no such page, so nothing that arrives can come from it.</summary>
    public static Fault NoSignUpPage() =>
        Fault.Invalid("mlflow.no_sign_up_page", "There is no sign-up page here. Use users/create.");

    public async Task<Answer> Get(Call call)
    {
        var user = await users.GetAsync(call.Caller, call.Fields.Required("username"), call.Cancellation);
        return One(user, await grants.OfUserAsync(call.Caller, user.Name, call.Cancellation));
    }

    public async Task<Answer> List(Call call)
    {
        var all = new List<(User User, List<Grant> Grants)>();
        foreach (var user in await users.ListAsync(call.Caller, call.Cancellation))
            all.Add((user, await grants.OfUserAsync(call.Caller, user.Name, call.Cancellation)));
        return writer =>
        {
            writer.WriteStartArray("users"u8);
            foreach (var (user, given) in all)
            {
                writer.WriteStartObject();
                Write(writer, user, given);
                writer.WriteEndObject();
            }
            writer.WriteEndArray();
        };
    }

    public async Task<Answer> UpdatePassword(Call call)
    {
        await users.SetPasswordAsync(
            call.Caller,
            call.Fields.Required("username"),
            call.Fields.Required("password"),
            call.Cancellation
        );
        return Call.Empty;
    }

    public async Task<Answer> UpdateAdmin(Call call)
    {
        var isAdmin = call.Fields.Flag("is_admin") ?? throw call.Fields.Missing("is_admin");
        await users.SetAdminAsync(call.Caller, call.Fields.Required("username"), isAdmin, call.Cancellation);
        return Call.Empty;
    }

    public async Task<Answer> Delete(Call call)
    {
        await users.RemoveAsync(call.Caller, call.Fields.Required("username"), call.Cancellation);
        return Call.Empty;
    }

    private static Answer One(User user, List<Grant> given) =>
        writer =>
        {
            writer.WriteStartObject("user"u8);
            Write(writer, user, given);
            writer.WriteEndObject();
        };

    private static void Write(Utf8JsonWriter writer, User user, List<Grant> given)
    {
        writer.WriteNumber("id"u8, user.Number);
        writer.WriteString("username"u8, user.Name);
        writer.WriteBoolean("is_admin"u8, user.IsAdmin);
        WriteGrants(writer, "experiment_permissions", given, ResourceKind.Experiment);
        WriteGrants(writer, "registered_model_permissions", given, ResourceKind.RegisteredModel);
        WriteGrants(writer, "scorer_permissions", [], default);
    }

    private static void WriteGrants(Utf8JsonWriter writer, string name, List<Grant> given, ResourceKind kind)
    {
        writer.WriteStartArray(name);
        foreach (var grant in given.Where(grant => grant.Resource.Kind == kind))
        {
            writer.WriteStartObject();
            Permissions.Write(writer, grant);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }
}
