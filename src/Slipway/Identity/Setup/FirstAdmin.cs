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
            await users.InstallAdminAsync(name, password, cancellation);
    }
}
