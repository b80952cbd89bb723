namespace Slipway.Governance.Scanners;

/// <summary>As much of a value on a pickle's stack as decides what a later instruction does; the rest is opaque.</summary>
internal abstract class PickleValue
{
    public static PickleValue Opaque { get; } = new Unknown();

    private sealed class Unknown : PickleValue;

    /// <summary>A text that might name a global; any other text is opaque.</summary>
    public sealed class Text(string value) : PickleValue
    {
        public string Value => value;
    }

    public sealed class Whole(long value) : PickleValue
    {
        public long Value => value;
    }

    public sealed class Items(PickleValue[] values) : PickleValue
    {
        public PickleValue[] Values => values;
    }

    /// <summary>A dictionary that the pickle makes; entries under texts are kept while it is small.</summary>
    public sealed class Map : PickleValue
    {
        private const int Kept = 64;

        private readonly Dictionary<string, PickleValue> entries = [];

        public PickleValue? this[string key] => entries.GetValueOrDefault(key);

        public IEnumerable<PickleValue> Values => entries.Values;

        /// <summary>Something was put in that is not among the entries.</summary>
        public bool IsPartial { get; private set; }

        public void Set(PickleValue key, PickleValue value)
        {
            if (key is Text text && (entries.Count < Kept || entries.ContainsKey(text.Value)))
                entries[text.Value] = value;
            else
                IsPartial = true;
        }
    }

    public sealed class Global(string module, string name) : PickleValue
    {
        public string Module => module;

        public string Name => name;

        public override string ToString() => $"{module}.{name}";
    }

    /// <summary>What a call of a global returned; <see cref="State"/> is what was built into it since.</summary>
    public sealed class Made(Global by, PickleValue arguments) : PickleValue
    {
        public Global By => by;

        public PickleValue Arguments => arguments;

        public PickleValue? State { get; set; }
    }
}
