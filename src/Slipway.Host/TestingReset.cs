using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Basics;
using Slipway.Foundation.Http;
using Slipway.Foundation.Sql;

namespace Slipway.Host;

/// <summary>`POST /api/v1/testing/reset`: back to a fresh store, for test suites that need one per test.</summary>
internal static class TestingReset
{
    public static void Map(IEndpointRouteBuilder routes, IReadOnlyList<Room> rooms)
    {
        var services = routes.ServiceProvider;
        var (db, clock) = (services.GetRequiredService<Db>(), services.GetRequiredService<TimeProvider>());
        // Tables made later refer to those made earlier, so they are emptied in the opposite order.
        var statements = rooms
            .SelectMany(room => (room.Migrations?.Tables() ?? []).Except(room.KeptByReset, StringComparer.Ordinal))
            .Reverse()
            .Select(table => $"delete from {table}")
            .ToList();
        [Description("Empties the store. There on servers started with --allow-reset.")]
        async Task Reset(ApiCall call)
        {
            await db.WriteAsync(tx =>
            {
                foreach (var statement in statements)
                    tx.Execute(statement);
                foreach (var room in rooms)
                    room.Reset?.Invoke(tx);
                foreach (var room in rooms)
                    room.Seed?.Invoke(tx, clock);
            });
            foreach (var room in rooms.Where(room => room.Forget is not null))
                await room.Forget!(services, call.Cancellation);
        }
        // Open to everybody: the test suites that call it know nothing of logins, and it is there on loopback alone.
        new ApiRoutes(routes, ServerRecords.Default)
            .Map("POST", "/api/v1/testing/reset", Reset)
            .AllowAnonymous();
    }
}
