using Slipway.Sdk;

namespace Slipway.Governance.Scanners;

/// <summary>A file that is a pickle, or several, or that might be taken for one.</summary>
internal static class PickleScanner
{
    private const int PicklesOfTorch = 5;

    // The first of the pickles in the form that torch wrote before it wrote zip files.
    private static readonly byte[] TorchMark =
    [
        0x80,
        0x02,
        0x8A,
        0x0A,
        0x6C,
        0xFC,
        0x9C,
        0x46,
        0xF9,
        0x20,
        0x6A,
        0xA8,
        0x50,
        0x19,
        (byte)'.',
    ];

    public static bool LooksLike(ReadOnlySpan<byte> head) => head is [0x80, <= 5, ..];

    /// <summary>Every byte has to belong to a pickle that only rebuilds values; anything else is a finding.</summary>
    public static void Scan(ScanSession session, string path, Stream stream)
    {
        var reader = new ByteReader(stream, session);
        var head = new byte[Math.Min(TorchMark.Length, reader.Length)];
        reader.Fill(head);
        reader.MoveTo(0);
        var isTorch = head.AsSpan().SequenceEqual(TorchMark);
        var walker = Walker(session, reader);
        try
        {
            var count = 0;
            do
            {
                walker.Walk();
                count++;
            } while (reader.Remaining > 0 && !(isTorch && count == PicklesOfTorch));
        }
        catch (Fault fault)
        {
            session.Unsafe(
                path,
                "scan.pickle_broken",
                $"At byte {reader.Position} {fault.Message}; what stands before the break would have run."
            );
        }
        Report(session, path, walker);
        if (isTorch && reader.Remaining > 0)
            Probe(session, path, stream, reader.Position);
    }

    /// <summary>
    /// For bytes that need not be a pickle, such as a text or the numbers of a tensor: a finding only if an unpickler
    /// would get as far as a danger.
    /// </summary>
    public static void Probe(ScanSession session, string path, Stream stream, long from = 0)
    {
        var reader = new ByteReader(stream, session);
        reader.MoveTo(from);
        var walker = Walker(session, reader);
        var ended = false;
        try
        {
            while (reader.Remaining > 0)
            {
                walker.Walk();
                ended = true;
            }
        }
        catch (Fault)
        {
            // No pickle, or no further one, or one that breaks; what it did before decides.
        }
        if (walker.NamedDanger || (walker.Offences.Count > 0 && walker.NamedGlobal && (walker.Called || ended)))
            Report(session, path, walker);
    }

    private static PickleWalker Walker(ScanSession session, ByteReader reader) =>
        new(reader, session, new PickleMachine(session.Limits.PickleValues), isPlain: false);

    private static void Report(ScanSession session, string path, PickleWalker walker)
    {
        foreach (var sentence in walker.Offences.Values)
            session.Unsafe(path, "scan.pickle", sentence);
    }
}
