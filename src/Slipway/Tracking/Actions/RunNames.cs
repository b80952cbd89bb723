using System.Security.Cryptography;

namespace Slipway.Tracking.Actions;

/// <summary>Names for runs whose author gave none: easier to say and to remember than an id.</summary>
internal static class RunNames
{
    private static readonly string[] Qualities =
    [
        "able", "amber", "bold", "brave", "breezy", "bright", "brisk", "calm", "candid", "clear", "clever", "coastal", "crisp", "daring",
        "deep", "eager", "early", "fair", "fearless", "fleet", "fresh", "gallant", "gentle", "golden", "hardy", "honest", "humble", "keen",
        "kind", "lively", "lucid", "lucky", "mellow", "merry", "mighty", "modest", "nimble", "noble", "patient", "placid", "polished",
        "proud", "quick", "quiet", "rapid", "ready", "robust", "rugged", "salty", "serene", "sharp", "silent", "silver", "sleek", "smooth",
        "solid", "sound", "spry", "stately", "steady", "stout", "sturdy", "subtle", "sunny", "swift", "tidal", "trim", "trusty", "upbeat",
        "vivid", "warm", "weathered", "windward", "wise", "witty",
    ];

    private static readonly string[] Things =
    [
        "anchor", "barge", "beacon", "bosun", "bow", "breeze", "brig", "buoy", "canoe", "captain", "chart", "clipper", "compass", "coral",
        "cove", "crane", "crew", "current", "cutter", "deck", "delta", "dinghy", "dock", "dolphin", "drydock", "ferry", "fjord", "fleet",
        "galley", "gannet", "gull", "harbor", "helm", "heron", "hull", "island", "jetty", "kayak", "keel", "ketch", "lagoon", "lantern",
        "launch", "lighthouse", "lugger", "mariner", "mast", "mooring", "narwhal", "oar", "osprey", "otter", "pelican", "petrel", "pier",
        "pilot", "porpoise", "prow", "puffin", "quay", "raft", "reef", "rigging", "rudder", "sail", "schooner", "seal", "sextant", "sloop",
        "spar", "stern", "strait", "tern", "tide", "tiller", "trawler", "tugboat", "vessel", "walrus", "wharf", "whale", "yacht",
    ];

    public static string Make() => $"{Any(Qualities)}-{Any(Things)}-{RandomNumberGenerator.GetInt32(1000)}";

    private static string Any(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
