using System.Security.Cryptography;
using System.Text;

namespace Slipway.Evaluation;

/// <summary>
/// A named collection of records on which applications and models are evaluated: what goes in, and what is expected to
/// come out. It serves experiments, and may serve several; names are not unique.
/// </summary>
public sealed record EvaluationDataset
{
    /// <summary>The tag by which clients say who is at work.</summary>
    public const string UserTag = "mlflow.user";

    /// <summary>The small number that stands for the dataset in tables; never shown.</summary>
    internal long Number { get; init; }

    public required string Id { get; init; }

    public required string Workspace { get; init; }

    public required string Name { get; init; }

    /// <summary>Another one whenever records have been added or changed.</summary>
    public required string Digest { get; init; }

    public required long CreatedMs { get; init; }

    public required long UpdatedMs { get; init; }

    public string? CreatedBy { get; init; }

    public string? UpdatedBy { get; init; }

    /// <summary>In the order in which they were set.</summary>
    public required IReadOnlyDictionary<string, string> Tags { get; init; }

    public IReadOnlyList<long> ExperimentIds { get; init; } = [];

    public long RecordCount { get; init; }

    /// <summary>What the records consist of; null until there was one.</summary>
    public RecordFields? Fields { get; init; }

    internal EvaluationDataset WithChangedRecords(long nowMs) =>
        this with
        {
            UpdatedMs = nowMs,
            Digest = DigestOf(Name, nowMs),
        };

    internal static string DigestOf(string name, long changedMs) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{name}\n{changedMs}")).AsSpan(0, 4));
}

/// <summary>What a caller says of a dataset to be made.</summary>
public sealed record NewEvaluationDataset(string Name)
{
    public IReadOnlyList<long> ExperimentIds { get; init; } = [];

    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

/// <summary>How many records were new, and how many were known by their inputs and took up what was sent.</summary>
public readonly record struct RecordCounts(int Inserted, int Updated);

/// <summary>A page of a dataset's records in the order in which they came, and behind which number the next begins.</summary>
public sealed record RecordPage(IReadOnlyList<EvaluationRecord> Records, long? NextAfter);
