using System.Buffers;
using System.Net;
using Slipway.Sdk;

namespace Slipway.Registry;

/// <summary>
/// Where a version may come from. A source is an address that clients resolve: it says its place whole, without steps
/// upward that would lead elsewhere than it looks, also where they are written in another way. A path of a machine is
/// taken only inside of what the run or logged model keeps there, so that nobody registers files of the server.
/// </summary>
internal static class SourceRules
{
    private static readonly string[] SchemesWithParameters =
    [
        "ftp",
        "http",
        "https",
        "shttp",
        "rtsp",
        "sip",
        "mms",
        "sftp",
    ];

    /// <summary>What those who read an address pass over in front of it.</summary>
    private static readonly char[] Blanks = [.. Enumerable.Range(0, ' ' + 1).Select(code => (char)code)];

    private static readonly SearchValues<char> SchemeLetters = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-."
    );

    /// <summary>Whether the source is a path of some machine.</summary>
    public static bool IsLocal(string source)
    {
        var scheme = Scheme(source);
        if (scheme == "file" && Authority(source) is not ("" or "." or "localhost" or "127.0.0.1"))
            throw Invalid(source, "It is no place that can be reached from here.");
        return scheme is "" or "file";
    }

    /// <summary>Refuses a source that says its place by steps.</summary>
    public static void RequireAbsolute(string source)
    {
        var plain = source;
        for (string decoded; (decoded = WebUtility.UrlDecode(plain)) != plain; )
            plain = decoded;
        var path = PathOf(plain).TrimEnd('/');
        if (
            !path.StartsWith('/')
            || path.Contains('\0')
            || plain.Split('/').Contains("..")
            || path.Split('/').Contains(".")
        )
            throw Invalid(
                source,
                "If supplying a source as an http, https, local file path, ftp, objectstore, or mlflow-artifacts uri, "
                    + "an absolute path must be provided without relative path references present. Please provide an absolute path."
            );
    }

    /// <summary>Refuses a path of some machine that does not lie in a folder of the same machine.</summary>
    public static void RequireInside(string source, string? folder, string owner)
    {
        if (folder is null || !IsLocal(folder) || !LiesIn(LocalPath(source), LocalPath(folder)))
            throw Invalid(
                source,
                $"To use a local path as a model version source, the {owner}_id request parameter has to be specified "
                    + $"and the local path has to be contained within the artifact directory of the run specified by the {owner}_id."
            );
    }

    /// <summary>A prompt has no files; what stands as its source must at least not look like one of this machine.</summary>
    public static void OfPrompt(string source)
    {
        var scheme = Scheme(source);
        if (scheme == "file" || (scheme.Length == 0 && source.StartsWith('/')))
            throw Fault.Invalid(
                "registry.source",
                $"Invalid prompt source: '{source}'. Local source paths are not allowed for prompts.",
                "source"
            );
        if (scheme.Length > 0)
            RequireAbsolute(source);
    }

    /// <summary>What a models:/ address names; null for any other address.</summary>
    public static ModelAddress? ModelAddress(string source)
    {
        if (Scheme(source) != "models")
            return null;
        var path = PathOf(source);
        var parts = path.TrimStart('/').Split('/');
        if (!path.StartsWith('/') || parts.Length > 2 || parts.Any(string.IsNullOrWhiteSpace))
            throw Invalid(source, "A models:/ address is models:/ID, models:/NAME/VERSION or models:/NAME@ALIAS.");
        if (parts.Length == 2)
            return new ModelAddress(parts[0], parts[1]);
        var at = parts[0].LastIndexOf('@');
        return at < 0
            ? new ModelAddress(parts[0], null)
            : new ModelAddress(parts[0][..at], null) { Alias = parts[0][(at + 1)..] };
    }

    private static string Scheme(string source)
    {
        source = source.TrimStart(Blanks);
        var colon = source.IndexOf(':');
        return colon > 0 && char.IsAsciiLetter(source[0]) && source.AsSpan(0, colon).IndexOfAnyExcept(SchemeLetters) < 0
            ? source[..colon].ToLowerInvariant()
            : "";
    }

    private static string Authority(string source)
    {
        var rest = source.TrimStart(Blanks).AsSpan(Scheme(source).Length + 1);
        if (!rest.StartsWith("//"))
            return "";
        rest = rest[2..];
        var end = rest.IndexOfAny('/', '?', '#');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    /// <summary>The path of an address, of which doubled slashes are one.</summary>
    private static string PathOf(string source)
    {
        var scheme = Scheme(source);
        var rest = scheme.Length == 0 ? source : source.TrimStart(Blanks)[(scheme.Length + 1)..];
        if (rest.StartsWith("//", StringComparison.Ordinal))
        {
            var end = rest.AsSpan(2).IndexOfAny('/', '?', '#');
            rest = end < 0 ? "" : rest[(end + 2)..];
        }
        var cut = rest.AsSpan().IndexOfAny('?', '#');
        var path = cut < 0 ? rest : rest[..cut];
        if (
            SchemesWithParameters.Contains(scheme)
            && path.IndexOf(';', path.LastIndexOf('/') + 1) is var semicolon and >= 0
        )
            path = path[..semicolon];
        while (path.Contains("//", StringComparison.Ordinal))
            path = path.Replace("//", "/", StringComparison.Ordinal);
        return path;
    }

    private static string LocalPath(string source) =>
        Scheme(source).Length == 0 ? source : WebUtility.UrlDecode(PathOf(source));

    /// <summary>By the words alone: no file is looked at.</summary>
    private static bool LiesIn(string path, string folder)
    {
        var inner = Path.GetFullPath(path, "/");
        var outer = Path.GetFullPath(folder, "/").TrimEnd('/');
        return inner == outer || inner.StartsWith(outer + "/", StringComparison.Ordinal);
    }

    private static Fault Invalid(string source, string why) =>
        Fault.Invalid("registry.source", $"Invalid model version source: '{source}'. {why}", "source");
}

/// <summary>
/// What a models:/ address names: a logged model by its id where nothing follows the name, else a registered model's
/// version by number, stage or the word "latest", or by an alias.
/// </summary>
internal sealed record ModelAddress(string Name, string? Version)
{
    public string? Alias { get; init; }

    public bool IsLoggedModel => Version is null && Alias is null;
}
