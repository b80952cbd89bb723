using Slipway.Foundation.Blobs;

namespace Slipway.Governance.Scanners;

/// <summary>
/// The names of an archive's members. One that leads out of the folder it is unpacked into, or that stands there twice so
/// that two readers see two files, makes the archive unsafe before anything of it is read.
/// </summary>
internal sealed class MemberNames(ScanSession session, string archive)
{
    private readonly HashSet<string> seen = new(StringComparer.Ordinal);

    public bool Accept(string name)
    {
        var shown = ScanSession.Quoted(name);
        if (
            name.Contains('\\')
            || BlobPath.TryParse(name.StartsWith("./", StringComparison.Ordinal) ? name[2..] : name) is null
        )
        {
            session.Unsafe(
                archive,
                "scan.member_name",
                $"Its member '{shown}' has a name that may lead out of the folder."
            );
            return false;
        }
        if (!seen.Add(name))
        {
            session.Unsafe(archive, "scan.member_twice", $"Its member '{shown}' is there twice.");
            return false;
        }
        if (seen.Count > session.Limits.Members)
            throw ScanSession.Beyond($"it has more than {session.Limits.Members} members");
        return true;
    }
}
