using Slipway.Foundation.Sql;

namespace Slipway.Governance.Storage;

/// <summary>What scans said of versions, and who wanted them in spite of it.</summary>
internal static class ScanStore
{
    public static VersionScan? Find(Tx tx, long modelNumber, int version) =>
        tx.One(
            "select digest, files, verdict, findings, scanned_ms from governance_scans where model_no = @model_no and version = @version",
            r => new VersionScan
            {
                Digest = r.Text(0),
                Files = Documents.ReadFiles(r.Text(1)),
                Verdict = (ScanVerdict)r.Int(2),
                Findings = Documents.ReadFindings(r.Text(3)),
                ScannedMs = r.Long(4),
            },
            ("model_no", modelNumber),
            ("version", version)
        );

    public static void Put(Tx tx, long modelNumber, int version, VersionScan scan) =>
        tx.Execute(
            "insert into governance_scans (model_no, version, digest, files, verdict, findings, scanned_ms) "
                + "values (@model_no, @version, @digest, @files, @verdict, @findings, @scanned_ms) "
                + "on conflict (model_no, version) do update set digest = excluded.digest, files = excluded.files, "
                + "verdict = excluded.verdict, findings = excluded.findings, scanned_ms = excluded.scanned_ms",
            ("model_no", modelNumber),
            ("version", version),
            ("digest", scan.Digest),
            ("files", Documents.Write(scan.Files)),
            ("verdict", (int)scan.Verdict),
            ("findings", Documents.Write(scan.Findings)),
            ("scanned_ms", scan.ScannedMs)
        );

    public static ScanOverride? FindOverride(Tx tx, long modelNumber, int version, string digest) =>
        tx.One(
            "select digest, actor, reason, made_ms from governance_overrides "
                + "where model_no = @model_no and version = @version and digest = @digest",
            r => new ScanOverride(r.Text(0), r.Text(1), r.Text(2), r.Long(3)),
            ("model_no", modelNumber),
            ("version", version),
            ("digest", digest)
        );

    public static void Put(Tx tx, long modelNumber, int version, ScanOverride made) =>
        tx.Execute(
            "insert into governance_overrides (model_no, version, digest, actor, reason, made_ms) "
                + "values (@model_no, @version, @digest, @actor, @reason, @made_ms) "
                + "on conflict (model_no, version, digest) do update set actor = excluded.actor, reason = excluded.reason, made_ms = excluded.made_ms",
            ("model_no", modelNumber),
            ("version", version),
            ("digest", made.Digest),
            ("actor", made.Actor),
            ("reason", made.Reason),
            ("made_ms", made.MadeMs)
        );
}
