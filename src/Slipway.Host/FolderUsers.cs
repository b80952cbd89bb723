using System.CommandLine;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Identity;
using Slipway.Identity.Actions;
using Slipway.Sdk.Identity;

namespace Slipway.Host;

/// <summary>
/// `slipway users add --data DIR`: adds a user to the folder of a server that does not run, because one that asks for a
/// login lets nobody in to add the first.
/// </summary>
internal static class FolderUsers
{
    public static Task AddAsync(ParseResult parsed, UserCreate user, CancellationToken cancellation) =>
        OpenedStore.UseAsync(
            parsed,
            services =>
                services
                    .GetRequiredService<Users>()
                    .InstallAsync(user.Name, user.Password, (Level)user.Level, user.IsAdmin, cancellation)
        );
}
