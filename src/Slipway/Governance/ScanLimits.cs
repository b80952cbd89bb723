namespace Slipway.Governance;

/// <summary>
/// How far a scan goes before it says that it cannot tell. Each bound stands here, and each has its reason: what a model
/// of honest size never reaches, and what keeps a hostile file from costing more than it should.
/// </summary>
public sealed record ScanLimits
{
    public static ScanLimits Default { get; } = new();

    /// <summary>Archives within archives, JSON within archives and so on.</summary>
    public int NestingDepth { get; init; } = 4;

    /// <summary>Files of a model, and members of one archive.</summary>
    public int Members { get; init; } = 65_536;

    /// <summary>What all compressed members of a model may become together.</summary>
    public long ExpandedBytes { get; init; } = 8L << 30;

    /// <summary>How many times its size a compressed member may become; deflate itself reaches 1032.</summary>
    public int ExpansionRatio { get; init; } = 100;

    /// <summary>What any compressed member may become, whatever its ratio: small texts compress well.</summary>
    public long ExpansionFloorBytes { get; init; } = 1 << 20;

    /// <summary>What is expanded in memory; larger members wait in a temporary file that has no name.</summary>
    public int MemoryBytes { get; init; } = 16 << 20;

    /// <summary>Texts that are read whole: JSON, YAML, XML, the header of a tensor file.</summary>
    public int TextBytes { get; init; } = 32 << 20;

    /// <summary>Values on the stack and in the memo of a pickle.</summary>
    public int PickleValues { get; init; } = 4_000_000;

    /// <summary>Sub-graphs within sub-graphs of a model graph, and nested messages in general.</summary>
    public int MessageDepth { get; init; } = 64;

    /// <summary>Messages in one protobuf file.</summary>
    public long Messages { get; init; } = 20_000_000;

    /// <summary>Findings that are told; more only say that there are more.</summary>
    public int Findings { get; init; } = 500;
}
