using Slipway.Foundation.Sql;

namespace Slipway.Registry.Storage;

internal enum DocumentKind
{
    Origin,
    Baseline,
}

/// <summary>The files of versions, and the documents that are read only when somebody asks for them.</summary>
internal static class FileStore
{
    public static List<VersionFile> Of(Tx tx, ModelVersion version) =>
        tx.Many(
            "select path, size_bytes, sha256 from registry_files where model_no = @model_no and version = @version order by file_no",
            r => new VersionFile(r.Text(0), r.Long(1), r.Text(2)),
            ("model_no", version.ModelNumber),
            ("version", version.Number)
        );

    public static VersionFile? Find(Tx tx, ModelVersion version, string path) =>
        tx.One(
            "select path, size_bytes, sha256 from registry_files where model_no = @model_no and version = @version and path = @path",
            r => new VersionFile(r.Text(0), r.Long(1), r.Text(2)),
            ("model_no", version.ModelNumber),
            ("version", version.Number),
            ("path", path)
        );

    /// <summary>Notes files of a version, the first of them under this number.</summary>
    public static void Insert(Tx tx, ModelVersion version, IEnumerable<VersionFile> files, int first = 0)
    {
        foreach (var (i, file) in files.Index())
        {
            tx.Execute(
                "insert into registry_files (model_no, version, file_no, path, size_bytes, sha256) "
                    + "values (@model_no, @version, @file_no, @path, @size_bytes, @sha256)",
                ("model_no", version.ModelNumber),
                ("version", version.Number),
                ("file_no", first + i),
                ("path", file.Path),
                ("size_bytes", file.SizeBytes),
                ("sha256", file.Sha256)
            );
        }
    }

    /// <summary>Notes for a version what was noted for another one, in one statement however much that is.</summary>
    public static void Copy(Tx tx, ModelVersion from, ModelVersion to) =>
        tx.Execute(
            "insert into registry_files (model_no, version, file_no, path, size_bytes, sha256) "
                + "select @to_no, @to_version, file_no, path, size_bytes, sha256 from registry_files "
                + "where model_no = @from_no and version = @from_version",
            ("to_no", to.ModelNumber),
            ("to_version", to.Number),
            ("from_no", from.ModelNumber),
            ("from_version", from.Number)
        );

    /// <summary>Forgets the files of a version, as far as they were noted.</summary>
    public static void Clear(Tx tx, ModelVersion version) =>
        tx.Execute(
            "delete from registry_files where model_no = @model_no and version = @version",
            ("model_no", version.ModelNumber),
            ("version", version.Number)
        );

    public static void UpdateState(Tx tx, ModelVersion version, VersionFiles files) =>
        tx.Execute(
            "update registry_versions set files = @files, digest = @digest where model_no = @model_no and version = @version",
            ("files", (int)files.State),
            ("digest", files.Digest),
            ("model_no", version.ModelNumber),
            ("version", version.Number)
        );

    public static string? FindDocument(Tx tx, ModelVersion version, DocumentKind kind) =>
        tx.One(
            "select document from registry_documents where model_no = @model_no and version = @version and kind = @kind",
            r => r.Text(0),
            ("model_no", version.ModelNumber),
            ("version", version.Number),
            ("kind", (int)kind)
        );

    public static void PutDocument(Tx tx, ModelVersion version, DocumentKind kind, string document) =>
        tx.Execute(
            "insert into registry_documents (model_no, version, kind, document) values (@model_no, @version, @kind, @document) "
                + "on conflict (model_no, version, kind) do update set document = excluded.document",
            ("model_no", version.ModelNumber),
            ("version", version.Number),
            ("kind", (int)kind),
            ("document", document)
        );
}
