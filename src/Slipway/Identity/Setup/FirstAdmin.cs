using Slipway.Identity.Actions;
using Slipway.Sdk;

namespace Slipway.Identity.Setup;

/// <summary>
/// The first administrator of a server, from SLIPWAY_ADMIN_USER and SLIPWAY_ADMIN_PASSWORD. An account of that name that
/// is there already stays as it is, so a password changed later survives the next start.
/// </summary>
internal static class FirstAdmin
{
    private const string UserVariable = "SLIPWAY_ADMIN_USER";
    private const string PasswordVariable = "SLIPWAY_ADMIN_PASSWORD";

    /// <summary>A server that asks everybody to sign in needs somebody who can.</summary>
    public static async Task RequireSomebodyAsync(Users users, CancellationToken cancellation)
    {
        if (!await users.AnyAsync(cancellation))
            throw Fault.Invalid(
                "setup.no_users",
                "This server would ask everybody to sign in, and it has no users yet.",
                hint: $"Add an administrator first: slipway users add NAME --admin --data DIR, or set {UserVariable} and "
                    + $"{PasswordVariable}. Without --login, and on 127.0.0.1, no login is asked for."
            );
    }

    public static async Task EnsureAsync(Users users, CancellationToken cancellation)
    {
        var name = Environment.GetEnvironmentVariable(UserVariable);
        var password = Environment.GetEnvironmentVariable(PasswordVariable);
        // Programs that this server starts inherit its environment.
        Environment.SetEnvironmentVariable(PasswordVariable, null);
        if (string.IsNullOrEmpty(name))
            return;
        if (string.IsNullOrEmpty(password))
            throw Fault.Invalid(
                "setup.admin_password",
                $"{UserVariable} is set to '{name}' and {PasswordVariable} is not.",
                PasswordVariable
            );
        if (!await users.ExistsAsync(name, cancellation))
            await users.InstallAsync(name, password, Level.Manage, isAdmin: true, cancellation);
    }
}
