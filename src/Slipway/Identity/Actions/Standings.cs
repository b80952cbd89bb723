namespace Slipway.Identity.Actions;

/// <summary>
/// What somebody who is not asking may do by now: for what they once decided and what still rests on it. Whoever was
/// removed may do nothing.
/// </summary>
public sealed class Standings
{
    private readonly AccessBook book;

    internal Standings(AccessBook book) => this.book = book;

    /// <summary>Reads what has changed; <see cref="LevelOf"/> goes by what was read last.</summary>
    public ValueTask RefreshAsync(CancellationToken cancellation = default) => book.RefreshAsync(cancellation);

    public Level LevelOf(string user, string workspace, Resource resource)
    {
        if (!book.People.ByName.TryGetValue(user, out var person))
            // The operator of a server without login is no user.
            return user == Caller.Operator().User ? Level.Manage : Level.None;
        return book.ManagesServer(person) ? Level.Manage : book.StandingOf(person, workspace).On(resource);
    }
}
