using Slipway.Sdk;

namespace Slipway.Registry;

/// <summary>How far a version has come, in MLflow's first way of saying so; aliases have taken its place.</summary>
public enum Stage
{
    None,
    Staging,
    Production,
    Archived,
}

/// <summary>The words for stages.</summary>
public static class Stages
{
    /// <summary>The stage of this name, in whichever case it is written.</summary>
    public static Stage Parse(string name)
    {
        foreach (var stage in Enum.GetValues<Stage>())
        {
            if (name.Equals(stage.ToString(), StringComparison.OrdinalIgnoreCase))
                return stage;
        }
        throw Fault.Invalid(
            "registry.stage",
            $"Invalid Model Version stage: {name}. Value must be one of {string.Join(", ", Enum.GetNames<Stage>())}.",
            "stage"
        );
    }

    /// <summary>Whether versions in the stage are at work, so that a newer one can take their place.</summary>
    public static bool IsActive(this Stage stage) => stage is Stage.Staging or Stage.Production;
}
