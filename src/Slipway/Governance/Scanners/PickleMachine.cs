namespace Slipway.Governance.Scanners;

/// <summary>
/// The stack, the marks and the memo of an unpickler. Taking what is not there is a fault, as it is in Python. A fork
/// goes on from here without changing what this machine sees.
/// </summary>
internal sealed class PickleMachine(int valueLimit)
{
    private readonly List<PickleValue> stack = [];
    private readonly List<int> marks = [];
    private readonly Dictionary<uint, PickleValue> memo = [];
    private PickleMachine? origin;

    public bool IsEmpty => stack.Count == 0;

    public PickleMachine Fork()
    {
        var fork = new PickleMachine(valueLimit) { origin = this };
        fork.stack.AddRange(stack);
        fork.marks.AddRange(marks);
        return fork;
    }

    /// <summary>What a new pickle starts with; in a file of several, the memo starts anew as well.</summary>
    public void Reset()
    {
        stack.Clear();
        marks.Clear();
        memo.Clear();
        origin = null;
    }

    public void Push(PickleValue value)
    {
        if (stack.Count >= valueLimit)
            throw ScanSession.Beyond("a pickle holds more values than the scan follows");
        stack.Add(value);
    }

    public PickleValue Pop()
    {
        if (stack.Count <= Fence)
            throw Underflow();
        var value = stack[^1];
        stack.RemoveAt(stack.Count - 1);
        return value;
    }

    public PickleValue Top => stack.Count > Fence ? stack[^1] : throw Underflow();

    public void Mark()
    {
        if (marks.Count >= valueLimit)
            throw ScanSession.Beyond("a pickle sets more marks than the scan follows");
        marks.Add(stack.Count);
    }

    public PickleValue[] PopToMark()
    {
        if (marks.Count == 0)
            throw ScanSession.Malformed("a pickle takes to a mark that was not set");
        var mark = marks[^1];
        marks.RemoveAt(marks.Count - 1);
        var values = stack.GetRange(mark, stack.Count - mark).ToArray();
        stack.RemoveRange(mark, stack.Count - mark);
        return values;
    }

    /// <summary>The instruction POP takes a mark where one stands on top.</summary>
    public void Drop()
    {
        if (marks.Count > 0 && marks[^1] == stack.Count)
            marks.RemoveAt(marks.Count - 1);
        else
            Pop();
    }

    public void Put(uint place)
    {
        if (memo.Count >= valueLimit)
            throw ScanSession.Beyond("a pickle remembers more values than the scan follows");
        memo[place] = Top;
    }

    public void Memoize() => Put((uint)(memo.Count + (origin?.memo.Count ?? 0)));

    public PickleValue Get(uint place) =>
        memo.TryGetValue(place, out var value) ? value
        : origin is not null ? origin.Get(place)
        : throw ScanSession.Malformed("a pickle takes from its memo what it never put there");

    private int Fence => marks.Count == 0 ? 0 : marks[^1];

    private static Exception Underflow() => ScanSession.Malformed("a pickle takes from an empty stack");
}
