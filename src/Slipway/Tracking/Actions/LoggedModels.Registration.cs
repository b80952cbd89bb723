using System.Globalization;
using System.Text;
using System.Text.Json;
using Slipway.Foundation.Sql;
using Slipway.Identity;
using Slipway.Tracking.Storage;

namespace Slipway.Tracking.Actions;

/// <summary>What a logged model knows of its registrations: a tag, as MLflow's clients read it.</summary>
public sealed partial class LoggedModels
{
    private const string VersionsTag = "mlflow.modelVersions";

    /// <summary>Notes that the model was registered. Whoever may read it may: the note says what somebody did with it.</summary>
    internal static void NoteRegistration(Tx tx, Caller caller, string id, string name, int version)
    {
        var (model, deleted) = FindForUpdate(tx, caller, Level.Read, id);
        if (deleted)
            throw NotFound(id);
        var known = Registrations(model.Tags.GetValueOrDefault(VersionsTag));
        if (known.Contains((name, version)))
            return;
        known.Add((name, version));
        var tag = $"[{string.Join(", ", known.Select(Text))}]";
        LoggedModelStore.Update(
            tx,
            model with
            {
                Tags = new Dictionary<string, string>(model.Tags) { [VersionsTag] = tag },
            }
        );
    }

    /// <summary>What the tag says; anybody may have written something else into it, and that gives way.</summary>
    private static List<(string Name, int Version)> Registrations(string? tag)
    {
        try
        {
            using var document = JsonDocument.Parse(tag ?? "[]");
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(Registration).OfType<(string, int)>()]
                : [];
        }
        // The second is what a text says that is no text, as half of a letter is none.
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return [];
        }
    }

    private static (string Name, int Version)? Registration(JsonElement item) =>
        item.ValueKind == JsonValueKind.Object
        && item.TryGetProperty("name", out var name)
        && name.ValueKind == JsonValueKind.String
        && item.TryGetProperty("version", out var version)
        && version.ValueKind == JsonValueKind.Number
        && version.TryGetInt32(out var number)
            ? (name.GetString()!, number)
            : null;

    /// <summary>As Python writes it: clients compare the text.</summary>
    private static string Text((string Name, int Version) registration)
    {
        var text = new StringBuilder("{\"name\": \"");
        foreach (var c in registration.Name)
        {
            _ = c switch
            {
                '"' or '\\' => text.Append('\\').Append(c),
                < ' ' or > '~' => text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}"),
                _ => text.Append(c),
            };
        }
        return text.Append(CultureInfo.InvariantCulture, $"\", \"version\": {registration.Version}}}").ToString();
    }
}
