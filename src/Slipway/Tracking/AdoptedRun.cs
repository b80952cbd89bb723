namespace Slipway.Tracking;

/// <summary>What taking over a run added to what was here.</summary>
public sealed record AdoptedRun(bool IsNew, int Params, int Tags, int Links);
