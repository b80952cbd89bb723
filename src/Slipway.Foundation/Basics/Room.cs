using System.CommandLine;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Slipway.Foundation.Sql;

namespace Slipway.Foundation.Basics;

/// <summary>
/// What a slice or a door brings to the program: its services, its routes, its tables and its commands. The host lists
/// rooms and knows nothing else about them. Everything is a function, called only when its turn comes, so that a
/// command line that needs no server pays for none.
/// </summary>
public sealed record Room(string Name)
{
    /// <summary>Called, like <see cref="Routes"/>, while the store is still being made ready: no constructor reads it.</summary>
    public Action<IServiceCollection>? Services { get; init; }

    /// <summary>Runs once a request's route is known and before that route; rooms' parts in the order of the list.</summary>
    public Action<IApplicationBuilder>? Middleware { get; init; }

    public Action<IEndpointRouteBuilder>? Routes { get; init; }

    public MigrationSet? Migrations { get; init; }

    /// <summary>Rows that every store has, a fresh one included. Runs at each start and after a reset, so it adds only what is missing.</summary>
    public Action<Tx, TimeProvider>? Seed { get; init; }

    /// <summary>Work after the store is ready and before the first request is taken; a Fault thrown here refuses the start.</summary>
    public Func<IServiceProvider, CancellationToken, Task>? Start { get; init; }

    /// <summary>Drops what the room keeps outside the row store (caches, blobs), when a reset has emptied its tables.</summary>
    public Func<IServiceProvider, CancellationToken, Task>? Forget { get; init; }

    /// <summary>Tables of this room that a reset leaves as they are, or to <see cref="Reset"/>.</summary>
    public IReadOnlyList<string> KeptByReset { get; init; } = [];

    /// <summary>What a reset does to kept tables of which only some rows stay. Runs when the other tables are empty.</summary>
    public Action<Tx>? Reset { get; init; }

    /// <summary>Verbs of the command line.</summary>
    public Func<IEnumerable<Command>>? Commands { get; init; }
}
