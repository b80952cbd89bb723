using System.Globalization;

namespace Slipway.Foundation.Events;

/// <summary>
/// A link of the chain, written down elsewhere as "position:hash". The chain has no secret: who may write to the
/// database could lay all of it anew behind a changed row. Whoever holds an anchor notices.
/// </summary>
public sealed record ChainAnchor(long Position, string Hash)
{
    public static ChainAnchor? TryParse(string text) =>
        text.Split(':') is [var position, { Length: 64 } hash]
        && long.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new ChainAnchor(number, hash.ToLowerInvariant())
            : null;

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Position}:{Hash}");
}

/// <summary>The anchors that a server writes down by itself, one a line with the time, in a file outside the database.</summary>
public sealed class AnchorFile(string path)
{
    public IReadOnlyList<ChainAnchor> Read() =>
        File.Exists(path)
            ? [.. File.ReadLines(path).Select(line => ChainAnchor.TryParse(line.Split(' ')[0])).OfType<ChainAnchor>()]
            : [];

    public void Clear() => File.Delete(path);

    public void Add(ChainAnchor anchor, DateTimeOffset now) =>
        File.AppendAllText(path, string.Create(CultureInfo.InvariantCulture, $"{anchor} {now.UtcDateTime:O}\n"));
}
