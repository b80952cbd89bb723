namespace Slipway.Governance;

/// <summary>How far a card has come; changing it is no new card.</summary>
public enum CardStatus
{
    Draft,
    PendingReview,
    Approved,
    Archived,
}

/// <summary>What people wrote of a version: the fields of a model card that no record can fill. Each edit is a card of its own.</summary>
public sealed record WrittenCard
{
    public required int Number { get; init; }

    public required CardStatus Status { get; init; }

    /// <summary>JSON in the fields of SageMaker's model card schema; what is missing is filled from the records.</summary>
    public required string Document { get; init; }

    public required string Actor { get; init; }

    public required long WrittenMs { get; init; }
}
