using Slipway.Sdk;

namespace Slipway.Governance.Scanners;

/// <summary>The instructions that name globals, call them, and build state into what they return.</summary>
internal sealed partial class PickleWalker
{
    private void Object(byte instruction)
    {
        switch (instruction)
        {
            case (byte)'c':
                machine.Push(Named(Name(), Name()));
                break;
            case 0x93: // STACK_GLOBAL
                var name = machine.Pop();
                machine.Push(Named(machine.Pop(), name));
                break;
            case (byte)'i': // INST
                var global = Named(Name(), Name());
                Call(global, new PickleValue.Items(machine.PopToMark()));
                break;
            case (byte)'o': // OBJ
                if (machine.PopToMark() is not [var type, .. var given])
                    throw ScanSession.Malformed("a pickle makes an object of nothing");
                Call(type, new PickleValue.Items(given));
                break;
            case (byte)'R' or 0x81: // REDUCE, NEWOBJ
                var arguments = machine.Pop();
                Call(machine.Pop(), arguments);
                break;
            case 0x92: // NEWOBJ_EX
                machine.Pop();
                var positional = machine.Pop();
                Call(machine.Pop(), positional);
                break;
            case (byte)'b':
                Build(machine.Pop());
                break;
            case (byte)'P': // PERSID
                Ascii();
                machine.Push(PickleValue.Opaque);
                break;
            case (byte)'Q': // BINPERSID
                machine.Pop();
                machine.Push(PickleValue.Opaque);
                break;
            case 0x80: // PROTO
                if (reader.Byte() > HighestProtocol)
                    throw ScanSession.Malformed("a pickle has a protocol that does not exist");
                break;
            case 0x95: // FRAME
                if (reader.UInt64() > (ulong)reader.Remaining)
                    throw ScanSession.Malformed("a pickle has a frame that is longer than the file");
                break;
            case 0x97: // NEXT_BUFFER
                machine.Push(PickleValue.Opaque);
                break;
            case 0x98: // READONLY_BUFFER
                _ = machine.Top;
                break;
            default: // EXT1, EXT2 and EXT4 name what only the reader's registry knows
                throw ScanSession.Malformed($"a pickle has the unknown instruction 0x{instruction:x2}");
        }
    }

    private PickleValue.Text Name()
    {
        var text = ByteReader.Text(reader.Line(LongestName))?.TrimEnd('\r');
        return text is not null && IsName(text)
            ? new PickleValue.Text(text)
            : throw ScanSession.Malformed("a pickle names a global that is no name");
    }

    private PickleValue Named(PickleValue module, PickleValue name)
    {
        NamedGlobal = true;
        if (module is not PickleValue.Text moduleText || name is not PickleValue.Text nameText)
        {
            Offend("a hidden global", "It names a global by a text that is made while it is read.");
            return PickleValue.Opaque;
        }
        var global = new PickleValue.Global(moduleText.Value, nameText.Value);
        if (PickleGlobals.IsAllowed(global))
            return global;
        var isDanger = PickleGlobals.IsDangerous(global);
        NamedDanger |= isDanger;
        var shown = ScanSession.Quoted(global.ToString());
        Offend(
            shown,
            isDanger
                ? $"It uses {shown}, which can run whatever the file says."
                : $"It uses {shown}, which is not on the list of what only rebuilds values."
        );
        return global;
    }

    private void Call(PickleValue callee, PickleValue arguments)
    {
        Called = true;
        if (callee is not PickleValue.Global global)
        {
            Offend("a call", "It calls something that is not a global named in it.");
            machine.Push(PickleValue.Opaque);
            return;
        }
        machine.Push(new PickleValue.Made(global, arguments));
    }

    private void Build(PickleValue state)
    {
        var target = machine.Top;
        Called = true;
        if (target is PickleValue.Global global)
            Offend(
                $"state of {ScanSession.Quoted(global.ToString())}",
                $"It changes {ScanSession.Quoted(global.ToString())} itself, not an object."
            );
        if (target is not PickleValue.Made made)
            return;
        made.State = state;
        if (!isPlain && made.By is { Module: "joblib.numpy_pickle", Name: "NumpyArrayWrapper" })
            PassArray(state as PickleValue.Map ?? throw ScanSession.Malformed("an array of joblib has no shape"));
    }

    /// <summary>joblib's array: its bytes follow the instruction, behind a padding, or a pickle of its objects does.</summary>
    private void PassArray(PickleValue.Map wrapper)
    {
        var kind = NumpyKind.Of(wrapper["dtype"]);
        if (wrapper["shape"] is not PickleValue.Items shape || wrapper.IsPartial)
            throw ScanSession.Malformed("an array of joblib has no shape");
        var start = reader.Position;
        FollowPlainly();
        reader.MoveTo(start);
        if (kind.HasObjects)
        {
            var objects = new PickleWalker(
                reader,
                session,
                new PickleMachine(session.Limits.PickleValues),
                isPlain: true
            );
            objects.Walk();
            Take(objects);
            return;
        }
        if (wrapper["numpy_array_alignment_bytes"] is PickleValue.Whole)
            reader.Skip(reader.Byte());
        reader.Skip(
            kind.BytesOf(
                shape.Values.Select(v =>
                    v is PickleValue.Whole whole ? whole.Value : throw ScanSession.Malformed("an array has no length")
                )
            )
        );
    }

    /// <summary>
    /// A plain unpickler takes the bytes of the array for instructions. It mostly fails at once; where a file was made so
    /// that it does not, what it would do counts. All such looks together cost no more than a few times the file.
    /// </summary>
    private void FollowPlainly()
    {
        var start = reader.Position;
        var budget = 4 * reader.Length + (1 << 20) - forkedBytes;
        if (budget <= 0)
            throw ScanSession.Beyond("its arrays look too much like instructions");
        var fork = new PickleWalker(reader, session, machine.Fork(), isPlain: true) { end = start + budget };
        try
        {
            fork.Follow();
        }
        catch (Fault)
        {
            // Where the unpickler would fail as well.
        }
        forkedBytes += reader.Position - start;
        Take(fork);
    }

    private void Take(PickleWalker other)
    {
        foreach (var (subject, sentence) in other.offences)
            Offend(subject, sentence);
        NamedDanger |= other.NamedDanger;
    }

    private void Offend(string subject, string sentence)
    {
        if (offences.Count < OffenceLimit)
            offences.TryAdd(subject, sentence);
    }

    private static bool IsName(string text) =>
        text.Length > 0
        && text.Split('.')
            .All(part =>
                part.Length > 0 && !char.IsAsciiDigit(part[0]) && part.All(c => char.IsLetterOrDigit(c) || c == '_')
            );
}
