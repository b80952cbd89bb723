namespace Slipway.Foundation.Sql;

/// <summary>One piece of work that waits for its transaction, and the promise made to whoever waits for it.</summary>
internal abstract class PendingWrite(CancellationToken cancellation)
{
    protected Exception? Refusal { get; private set; }

    protected Tx? Transaction { get; private set; }

    public bool IsRefused => Refusal is not null;

    public bool IsCancelled => cancellation.IsCancellationRequested;

    /// <summary>How often it met a lock and was put off.</summary>
    public int Delays { get; set; }

    public void Run(Tx tx)
    {
        Transaction = tx;
        Refusal = null;
        Work(tx);
    }

    /// <summary>What the work itself threw; its own changes are undone, those of its neighbours are not touched.</summary>
    public void Refuse(Exception refusal) => Refusal = refusal;

    /// <summary>Answers the caller once the outcome is final: after the commit, so that success means durable.</summary>
    public abstract void Acknowledge();

    public void Fail(Exception failure)
    {
        Refuse(failure);
        Acknowledge();
    }

    protected abstract void Work(Tx tx);
}

internal sealed class PendingWrite<T>(Func<Tx, T> work, CancellationToken cancellation) : PendingWrite(cancellation)
{
    private readonly TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T result = default!;

    public Task<T> Task => done.Task;

    public override void Acknowledge()
    {
        if (Refusal is OperationCanceledException)
        {
            done.SetCanceled();
            return;
        }
        if (Refusal is not null)
        {
            done.SetException(Refusal);
            return;
        }
        try
        {
            Transaction!.Committed();
            done.SetResult(result);
        }
        catch (Exception defect)
        {
            // The change is durable, but what was to follow it failed: the caller must not take that for success.
            done.SetException(defect);
        }
    }

    protected override void Work(Tx tx) => result = work(tx);
}
