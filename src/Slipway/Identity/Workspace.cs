namespace Slipway.Identity;

/// <summary>Holds experiments, models and all that belongs to them; what is in one does not exist for another.</summary>
public sealed record Workspace(string Name, string Description, long CreatedMs);
