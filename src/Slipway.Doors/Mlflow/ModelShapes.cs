using System.Globalization;
using System.Text.Json;
using Slipway.Registry;

namespace Slipway.Doors.Mlflow;

/// <summary>Registered models and versions as MLflow's messages have them.</summary>
internal static class ModelShapes
{
    public static void Model(Utf8JsonWriter writer, RegisteredModel model)
    {
        writer.WriteString("name"u8, model.Name);
        writer.WriteNumber("creation_timestamp"u8, model.CreatedMs);
        writer.WriteNumber("last_updated_timestamp"u8, model.UpdatedMs);
        if (!string.IsNullOrEmpty(model.Description))
            writer.WriteString("description"u8, model.Description);
        Shapes.List(writer, "latest_versions"u8, model.LatestVersions, Version);
        Shapes.Pairs(writer, "tags"u8, model.Tags);
        Shapes.List(
            writer,
            "aliases"u8,
            [.. model.Aliases],
            static (writer, alias) =>
            {
                writer.WriteString("alias"u8, alias.Key);
                writer.WriteString("version"u8, Text(alias.Value));
            }
        );
    }

    public static void Version(Utf8JsonWriter writer, ModelVersion version)
    {
        writer.WriteString("name"u8, version.ModelName);
        writer.WriteString("version"u8, Text(version.Number));
        writer.WriteNumber("creation_timestamp"u8, version.CreatedMs);
        writer.WriteNumber("last_updated_timestamp"u8, version.UpdatedMs);
        writer.WriteString("current_stage"u8, version.Stage.ToString());
        if (version.Description is not null)
            writer.WriteString("description"u8, version.Description);
        writer.WriteString("source"u8, version.Source);
        writer.WriteString("run_id"u8, version.RunId);
        writer.WriteString("status"u8, "READY"u8);
        Shapes.Pairs(writer, "tags"u8, version.Tags);
        writer.WriteString("run_link"u8, version.RunLink);
        if (version.Aliases.Count == 0)
            return;
        writer.WriteStartArray("aliases"u8);
        foreach (var alias in version.Aliases)
            writer.WriteStringValue(alias);
        writer.WriteEndArray();
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
