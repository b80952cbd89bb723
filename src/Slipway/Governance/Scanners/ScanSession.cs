using System.Globalization;
using System.Text;
using Slipway.Sdk;

namespace Slipway.Governance.Scanners;

/// <summary>
/// What the scanners of one model share: where findings go, and the bounds they spend from. A scanner that meets bytes it
/// cannot follow throws <see cref="Malformed"/>; whoever called it for a file turns that into a finding, so that an error
/// is never mistaken for a file without findings.
/// </summary>
internal sealed class ScanSession(
    IReadOnlyDictionary<string, long> sizes,
    ScanLimits limits,
    CancellationToken cancellation
)
{
    public const string UnknownRule = "scan.unknown";

    private const int LongestQuote = 160;

    private readonly List<Finding> findings = [];
    private readonly HashSet<Finding> known = [];
    private readonly HashSet<string> numbers = [];
    private long expandedBytes;
    private bool overflowed;

    public ScanLimits Limits => limits;

    /// <summary>What was found; a file of unknown kind is known where another names it as its numbers.</summary>
    public IReadOnlyList<Finding> Findings =>
        [.. findings.Where(finding => finding.Rule != UnknownRule || !numbers.Contains(finding.Path))];

    /// <summary>The size of another file of the model; null where there is none of that name.</summary>
    public long? SizeOf(string path) => sizes.TryGetValue(path, out var size) ? size : null;

    /// <summary>The file holds numbers only, for the one that names it.</summary>
    public void ClaimNumbers(string path) => numbers.Add(path);

    public void Add(string path, ScanVerdict verdict, string rule, string message)
    {
        var finding = new Finding(Quoted(path, 900), verdict, rule, message);
        if (!known.Add(finding))
            return;
        if (findings.Count < limits.Findings)
        {
            findings.Add(finding);
        }
        else if (!overflowed)
        {
            overflowed = true;
            findings.Add(new Finding("", ScanVerdict.Unsafe, "scan.more", "There are more findings than are told."));
        }
    }

    public void Note(string path, string rule, string message) => Add(path, ScanVerdict.Safe, rule, message);

    public void Unsafe(string path, string rule, string message) => Add(path, ScanVerdict.Unsafe, rule, message);

    public void Unscannable(string path, string rule, string message) =>
        Add(path, ScanVerdict.Unscannable, rule, message);

    /// <summary>Somebody may have lost patience; asked once per buffer.</summary>
    public void Breathe() => cancellation.ThrowIfCancellationRequested();

    /// <summary>
    /// The whole of a compressed stream, ready to be read from any place. It may not become more than the ratio allows,
    /// nor, with all before it, more than the bound of the model.
    /// </summary>
    public Stream Expand(Stream compressed, long compressedBytes, long? declaredBytes = null)
    {
        var ceiling = Math.Min(
            limits.ExpandedBytes - expandedBytes,
            Math.Max(limits.ExpansionFloorBytes, compressedBytes * limits.ExpansionRatio)
        );
        if (declaredBytes > ceiling)
            throw TooLarge();
        Stream expanded = new MemoryStream();
        var buffer = new byte[64 * 1024];
        try
        {
            int read;
            while ((read = compressed.Read(buffer)) > 0)
            {
                Breathe();
                expandedBytes += read;
                if (expanded.Length + read > ceiling)
                    throw TooLarge();
                if (expanded is MemoryStream && expanded.Length + read > limits.MemoryBytes)
                    expanded = Spooled(expanded);
                expanded.Write(buffer, 0, read);
            }
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            expanded.Dispose();
            throw Malformed("its compressed bytes are damaged");
        }
        expanded.Position = 0;
        return expanded;
    }

    /// <summary>A file that only this user can read, and that is gone when it is closed.</summary>
    public static FileStream TemporaryFile() =>
        new(
            Path.GetTempFileName(),
            new FileStreamOptions
            {
                Mode = FileMode.Open,
                Access = FileAccess.ReadWrite,
                Share = FileShare.None,
                Options = FileOptions.DeleteOnClose,
            }
        );

    public static Fault Malformed(string why) => Fault.Invalid("scan.malformed", why);

    /// <summary>Too deep, too many or too large: the scan does not go on.</summary>
    public static Fault Beyond(string what) => Fault.Invalid("scan.bound", what);

    /// <summary>Text of a stranger, fit for a log, a terminal and a page.</summary>
    public static string Quoted(string text, int longest = LongestQuote)
    {
        var shown = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (shown.Length >= longest)
                return shown.Append('…').ToString();
            if (
                Rune.GetUnicodeCategory(rune)
                is UnicodeCategory.Control
                    or UnicodeCategory.Format
                    or UnicodeCategory.LineSeparator
                    or UnicodeCategory.ParagraphSeparator
                    or UnicodeCategory.PrivateUse
                    or UnicodeCategory.OtherNotAssigned
            )
                shown.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
            else
                shown.Append(rune.ToString());
        }
        return shown.ToString();
    }

    private static FileStream Spooled(Stream memory)
    {
        var file = TemporaryFile();
        memory.Position = 0;
        memory.CopyTo(file);
        memory.Dispose();
        return file;
    }

    private static Fault TooLarge() => Beyond("it expands to more than an honest model does");
}
