using System.Numerics;

namespace Slipway.Numerics.Sketches;

/// <summary>
/// How many different values a stream has, in 4 KiB: HyperLogLog (Flajolet and others, 2007) with 4096 registers, read by
/// Ertl's estimator (New cardinality estimation algorithms for HyperLogLog sketches, 2017), which needs no tables and no
/// switching. The relative standard error is 1.04/√4096 = 1.63 %, for few values far less.
/// </summary>
public sealed class DistinctSketch
{
    private const int Precision = 12;
    private const int Registers = 1 << Precision;
    private const int Limit = 64 - Precision;

    private readonly byte[] registers;

    public DistinctSketch()
        : this(new byte[Registers]) { }

    private DistinctSketch(byte[] registers) => this.registers = registers;

    public void Add(ReadOnlySpan<double> values)
    {
        foreach (var value in values)
            AddHash(Hashing.Of(value));
    }

    public void Add(ReadOnlySpan<char> text) => AddHash(Hashing.Of(text));

    /// <summary>Takes a value by its hash, which must come from <see cref="Hashing"/>.</summary>
    public void AddHash(ulong hash)
    {
        ref var register = ref registers[hash >> Limit];
        var zeros = (byte)(BitOperations.LeadingZeroCount((hash << Precision) | (1UL << (Precision - 1))) + 1);
        if (zeros > register)
            register = zeros;
    }

    public void Merge(DistinctSketch other)
    {
        for (var i = 0; i < Registers; i++)
            registers[i] = Math.Max(registers[i], other.registers[i]);
    }

    public double Estimate()
    {
        Span<int> counts = stackalloc int[Limit + 2];
        foreach (var register in registers)
            counts[register]++;
        var z = Registers * Tau((double)(Registers - counts[Limit + 1]) / Registers);
        for (var k = Limit; k >= 1; k--)
            z = 0.5 * (z + counts[k]);
        z += Registers * Sigma((double)counts[0] / Registers);
        return Registers / (2 * Math.Log(2)) * Registers / z;
    }

    public byte[] ToBytes()
    {
        var writer = new SketchWriter(SketchKind.Distinct);
        writer.Bytes(registers);
        return writer.ToBytes();
    }

    public static DistinctSketch FromBytes(ReadOnlySpan<byte> bytes)
    {
        var reader = new SketchReader(bytes, SketchKind.Distinct);
        var stored = reader.Bytes().ToArray();
        reader.End();
        if (stored.Length != Registers || stored.Any(r => r > Limit + 1))
            throw new FormatException("The registers of a stored sketch are out of range.");
        return new DistinctSketch(stored);
    }

    // x + Σ x^(2^k) 2^(k-1): what empty registers tell.
    private static double Sigma(double x)
    {
        if (x == 1)
            return double.PositiveInfinity;
        double weight = 1,
            sum = x,
            before;
        do
        {
            x *= x;
            before = sum;
            sum += x * weight;
            weight += weight;
        } while (sum != before);
        return sum;
    }

    // What full registers tell.
    private static double Tau(double x)
    {
        if (x is 0 or 1)
            return 0;
        double weight = 1,
            sum = 1 - x,
            before;
        do
        {
            x = Math.Sqrt(x);
            before = sum;
            weight *= 0.5;
            sum -= (1 - x) * (1 - x) * weight;
        } while (sum != before);
        return sum / 3;
    }
}
