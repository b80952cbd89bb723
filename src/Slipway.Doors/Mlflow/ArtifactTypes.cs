using Slipway.Foundation.Http;

namespace Slipway.Doors.Mlflow;

/// <summary>The media types that MLflow gives artifacts, by their names: what people read is plain text.</summary>
internal static class ArtifactTypes
{
    private static readonly HashSet<string> Text = new(StringComparer.Ordinal)
    {
        "txt",
        "log",
        "err",
        "cfg",
        "conf",
        "cnf",
        "cf",
        "ini",
        "properties",
        "prop",
        "hocon",
        "toml",
        "yaml",
        "yml",
        "xml",
        "json",
        "js",
        "py",
        "py3",
        "csv",
        "tsv",
        "md",
        "rst",
        "MLmodel",
        "MLproject",
    };

    public static string Of(string name)
    {
        var extension = Path.GetExtension(name).TrimStart('.');
        if (Text.Contains(extension.Length == 0 ? name : extension))
            return "text/plain";
        return BlobDownload.TypeOf(name);
    }
}
