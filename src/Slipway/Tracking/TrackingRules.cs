using System.Buffers;
using Slipway.Sdk;

namespace Slipway.Tracking;

/// <summary>What names and values of experiments and runs may look like; the limits are those MLflow's clients know.</summary>
public static class TrackingRules
{
    public const int MetricsPerBatch = 1000;
    public const int ParamsPerBatch = 100;
    public const int TagsPerBatch = 100;
    public const int EntriesPerBatch = 1000;
    public const int KeyLength = 250;
    public const int ParamValueLength = 6000;
    public const int RunTagLength = 8000;
    public const int ExperimentTagLength = 5000;
    public const int ExperimentNameLength = 500;
    public const int ArtifactLocationLength = 2048;
    public const int DatasetsPerCall = 1000;
    public const int DatasetNameLength = 500;
    public const int DatasetDigestLength = 36;
    public const int DatasetSourceLength = 65_535;
    public const int DatasetSchemaLength = 1_048_575;
    public const int DatasetProfileLength = 16_777_215;
    public const int InputTagKeyLength = 255;
    public const int InputTagValueLength = 500;
    public const int RunIdLength = 64;

    private static readonly string[] AddressesWithParameters = ["http", "https", "ftp", "sftp", "rtsp", "sip", "tel"];

    private static readonly SearchValues<char> KeyPunctuation = SearchValues.Create("_-. :/");

    /// <summary>A key: letters, digits, underscores, dashes, dots, spaces, colons and slashes, as a normal relative path.</summary>
    public static string Key(string? key, string field)
    {
        if (string.IsNullOrEmpty(key))
            throw Fault.Invalid("tracking.key", $"Missing value for required parameter '{field}'.", field);
        Length(key, KeyLength, field);
        foreach (var c in key)
        {
            if (!char.IsLetterOrDigit(c) && !KeyPunctuation.Contains(c) && !IsMark(c))
                throw Fault.Invalid(
                    "tracking.key",
                    $"Invalid value for parameter '{field}': names may only contain alphanumerics, underscores (_), dashes (-), periods (.), spaces ( ), colons (:) and slashes (/).",
                    field
                );
        }
        if (!IsNormalPath(key))
            throw Fault.Invalid(
                "tracking.key",
                $"Invalid value for parameter '{field}': names may be treated as files in certain cases, so they must be plain relative paths.",
                field
            );
        return key;
    }

    /// <summary>
    /// The tags that come with something new, each given once. They may look like anything: MLflow's clients are used to
    /// that, and no tag is ever part of a path.
    /// </summary>
    public static Dictionary<string, string> TagsOfNew(IReadOnlyList<Entry> tags, Func<string, Fault> twice)
    {
        var texts = new Dictionary<string, string>(tags.Count + 1);
        foreach (var (key, value) in tags)
        {
            if (!texts.TryAdd(key, value))
                throw twice(key);
        }
        return texts;
    }

    /// <summary>An id that a caller gives a run: it becomes part of paths.</summary>
    public static string RunId(string id) =>
        id.Length is > 0 and <= RunIdLength
        && char.IsAsciiLetterOrDigit(id[0])
        && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-')
            ? id
            : throw Fault.Invalid(
                "run.id",
                $"The id of a run has up to {RunIdLength} letters, digits, dashes and underscores and starts with a letter or digit.",
                "id"
            );

    public static string Length(string value, int limit, string field) =>
        value.Length <= limit
            ? value
            : throw Fault.Invalid(
                "tracking.length",
                $"'{field}' exceeds the maximum length of {limit} characters",
                field
            );

    /// <summary>Refuses a time before 1970.</summary>
    public static long Time(long milliseconds, string field) =>
        milliseconds >= 0
            ? milliseconds
            : throw Fault.Invalid(
                "tracking.time",
                $"Invalid value {milliseconds} for parameter '{field}': milliseconds since 1970 are wanted.",
                field
            );

    /// <summary>A dataset as a run names it, with the tags of this use.</summary>
    public static void Dataset(DatasetInput input)
    {
        Length(input.Dataset.Name, DatasetNameLength, "name");
        Length(input.Dataset.Digest, DatasetDigestLength, "digest");
        Length(input.Dataset.Source, DatasetSourceLength, "source");
        Length(input.Dataset.Schema ?? "", DatasetSchemaLength, "schema");
        Length(input.Dataset.Profile ?? "", DatasetProfileLength, "profile");
        foreach (var tag in input.Tags)
        {
            Length(tag.Key, InputTagKeyLength, "key");
            Length(tag.Value, InputTagValueLength, "value");
        }
    }

    public static void ExperimentName(string? name)
    {
        if (string.IsNullOrEmpty(name))
            throw Fault.Invalid("experiment.name", "Invalid experiment name: it must not be empty.", "name");
        Length(name, ExperimentNameLength, "name");
    }

    /// <summary>An address that clients resolve; it must not name another run or carry parts that hide a path.</summary>
    public static void ArtifactLocation(string location)
    {
        Length(location, ArtifactLocationLength, "artifact_location");
        if (
            location.StartsWith("runs:", StringComparison.OrdinalIgnoreCase)
            || location.Contains('#', StringComparison.Ordinal)
            || HasParameters(location)
            || (location.Contains('?', StringComparison.Ordinal) && location.Contains("..", StringComparison.Ordinal))
        )
            throw Fault.Invalid(
                "experiment.artifact_location",
                "Invalid artifact location: it must not be a runs:/ address, nor have a fragment or parameters.",
                "artifact_location"
            );
    }

    /// <summary>Parameters stand behind a semicolon in the last segment, in addresses of the web and in plain paths.</summary>
    private static bool HasParameters(string location)
    {
        var colon = location.IndexOf(':');
        return (colon < 0 || AddressesWithParameters.Contains(location[..colon], StringComparer.OrdinalIgnoreCase))
            && location.AsSpan(location.LastIndexOf('/') + 1).Contains(';');
    }

    private static bool IsMark(char c) =>
        char.GetUnicodeCategory(c)
            is System.Globalization.UnicodeCategory.NonSpacingMark
                or System.Globalization.UnicodeCategory.SpacingCombiningMark
                or System.Globalization.UnicodeCategory.ConnectorPunctuation;

    /// <summary>Equal to its normalised form: no leading or doubled or trailing slash, no "." or ".." segment.</summary>
    private static bool IsNormalPath(string key) => key.Split('/').All(segment => segment is not ("" or "." or ".."));
}
