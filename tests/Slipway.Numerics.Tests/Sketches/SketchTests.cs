using System.Text;
using Slipway.Numerics.Drift;
using Slipway.Numerics.Sampling;
using Slipway.Numerics.Sketches;

namespace Slipway.Numerics.Tests.Sketches;

public sealed class SketchTests
{
    [Fact]
    public void Moments_in_parts_equal_the_moments_of_the_whole_far_from_zero()
    {
        var random = new RandomSource(6);
        var values = Enumerable.Range(0, 10_007).Select(_ => 1e9 + random.NextNormal()).ToArray();
        var whole = new Moments();
        whole.Add(values);
        var merged = new Moments();
        foreach (var part in values.Chunk(777))
        {
            var moments = new Moments();
            moments.Add(part);
            merged.Merge(Moments.FromBytes(moments.ToBytes()));
        }
        var sample = Sample.Of(values);
        Assert.Equal(sample.Mean(), whole.Mean, 1e-6);
        Assert.Equal(sample.Variance(), whole.Variance, 1e-7);
        Assert.Equal(whole.Variance, merged.Variance, 1e-7);
        Assert.Equal(whole.Skewness, merged.Skewness, 1e-6);
        Assert.Equal(whole.ExcessKurtosis, merged.ExcessKurtosis, 1e-6);
        Assert.InRange(whole.ExcessKurtosis, -0.2, 0.2);
        Assert.Equal(values.Min(), merged.Minimum);
        Assert.Equal(values.Max(), merged.Maximum);
        Assert.Equal(10_007, merged.Count);
    }

    [Fact]
    public void Moments_count_apart_what_is_no_number()
    {
        var moments = new Moments();
        moments.Add([1, double.NaN, 0, double.PositiveInfinity, -0.0, 3, double.NegativeInfinity, double.NaN, 4]);
        Assert.Equal((5, 2, 2, 2), (moments.Count, moments.NanCount, moments.InfiniteCount, moments.ZeroCount));
        Assert.Equal(1.6, moments.Mean, 12);
        Assert.Equal(8, moments.Sum, 12);
        Assert.Equal(0, moments.Minimum);
        Assert.Equal(4, moments.Maximum);
        Assert.Throws<NotComputableException>(() => new Moments().Mean);
        Assert.Throws<NotComputableException>(() => new Moments().Variance);
    }

    [Fact]
    public void A_short_stream_is_kept_whole_and_answers_exactly()
    {
        var sketch = new QuantileSketch();
        sketch.Add([5, 1, 4, double.NaN, 2, 3]);
        Assert.Equal(5, sketch.Count);
        Assert.Equal([1, 3, 5], sketch.Quantiles([0, 0.5, 1]));
        Assert.Equal(0.6, sketch.Rank(3));
        Assert.Equal(0.4, sketch.Rank(3, inclusive: false));
        Assert.Throws<NotComputableException>(() => new QuantileSketch().Quantile(0.5));
    }

    [Fact]
    public void A_sketch_of_a_million_values_stays_small_and_comes_back_the_same()
    {
        var random = new RandomSource(15);
        var sketch = new QuantileSketch();
        for (var i = 0; i < 1_000_000; i++)
            sketch.Add(random.NextDouble());
        var bytes = sketch.ToBytes();
        Assert.InRange(bytes.Length, 1000, 7000);
        var back = QuantileSketch.FromBytes(bytes);
        Assert.Equal(bytes, back.ToBytes());
        Assert.Equal(sketch.Quantiles([0.1, 0.5, 0.9]), back.Quantiles([0.1, 0.5, 0.9]));
        back.Merge(sketch);
        Assert.Equal(2_000_000, back.Count);
        Assert.InRange(back.Quantile(0.5), 0.47, 0.53);
    }

    [Theory]
    [InlineData("", 0xEF46DB3751D8E999)]
    [InlineData("a", 0xD24EC4F1A98C6E5B)]
    [InlineData("abc", 0x44BC2CF5AD770999)]
    [InlineData("Nobody inspects the spammish repetition", 0xFBCEA83C8A378BF1)]
    public void Texts_are_hashed_as_the_specification_says(string text, ulong hash) =>
        Assert.Equal(hash, Hashing.XxHash64(Encoding.ASCII.GetBytes(text)));

    [Fact]
    public void Few_different_values_are_counted_nearly_exactly()
    {
        var sketch = new DistinctSketch();
        Assert.Equal(0, sketch.Estimate());
        sketch.Add([1, 2, 3, 2, 1, 0, -0.0, double.NaN, double.NaN]);
        Assert.InRange(sketch.Estimate(), 4.9, 5.1);
        foreach (var word in (string[])["a", "b", "c", "a"])
            sketch.Add(word);
        Assert.InRange(sketch.Estimate(), 7.9, 8.1);
    }

    [Fact]
    public void Frequent_texts_are_exact_while_there_is_room_and_bounded_after()
    {
        var random = new RandomSource(33);
        var truth = new Dictionary<string, long>();
        FrequentItems whole = new(64),
            other = new(64);
        for (var i = 0; i < 100_000; i++)
        {
            var word = $"w{(int)(Math.Pow(random.NextDouble(), 4) * 2000)}";
            truth[word] = truth.GetValueOrDefault(word) + 1;
            (i % 2 == 0 ? whole : other).Add(word);
        }
        whole.Merge(FrequentItems.FromBytes(other.ToBytes()));
        Assert.Equal(100_000, whole.Total);
        Assert.False(whole.IsExact);
        Assert.InRange(whole.LargestError, 1, 2 * 100_000 / 64);
        var top = whole.Top(3);
        Assert.Equal("w0", top[0].Text);
        foreach (var item in whole.Top(64))
            Assert.InRange(truth[item.Text], item.AtLeast, item.AtMost);
        var few = new FrequentItems(8);
        few.Add("b", 2);
        few.Add("a", 2);
        few.Add("c", 1);
        Assert.Equal([new("a", 2, 2), new("b", 2, 2), new FrequentItem("c", 1, 1)], few.Top(5));
    }

    [Fact]
    public void Every_value_of_either_part_has_the_same_chance_to_be_sampled()
    {
        var hits = new int[400];
        for (var trial = 0; trial < 2000; trial++)
        {
            var first = new Reservoir<double>(20, (ulong)trial);
            var second = new Reservoir<double>(20, (ulong)trial + 1_000_000);
            for (var i = 0; i < 100; i++)
                first.Add(i);
            for (var i = 100; i < 400; i++)
                second.Add(i);
            first.Merge(Reservoir.FromBytes<double>(second.ToBytes()));
            Assert.Equal(400, first.Count);
            Assert.Equal(20, first.Values.Length);
            foreach (var value in first.Values)
                hits[(int)value]++;
        }
        // 2000 × 20 / 400 = 100 each: chi-square with 399 degrees, five standard deviations.
        var distance = hits.Sum(h => (h - 100.0) * (h - 100.0) / 100);
        Assert.InRange(distance, 399 - 5 * Math.Sqrt(2 * 399), 399 + 5 * Math.Sqrt(2 * 399));
    }

    [Fact]
    public void A_histogram_in_parts_equals_the_whole_and_says_what_lies_outside()
    {
        Histogram first = Histogram.EqualWidth(0, 1, 4),
            second = Histogram.EqualWidth(0, 1, 4);
        first.Add([0, 0.24, 0.25, -1]);
        second.Add([0.99, 1, 1.01, double.NaN]);
        first.Merge(Histogram.FromBytes(second.ToBytes()));
        Assert.Equal([2, 1, 0, 2], first.Counts.ToArray());
        Assert.Equal((1, 1, 1), (first.Below, first.Above, first.NotFinite));
        Assert.Throws<ArgumentException>(() => first.Merge(Histogram.EqualWidth(0, 2, 4)));
    }

    [Fact]
    public void Histograms_of_a_sketch_hold_all_that_it_saw()
    {
        var random = new RandomSource(41);
        var values = Enumerable.Range(0, 50_000).Select(_ => random.NextNormal()).ToArray();
        var sketch = new QuantileSketch(800);
        sketch.Add(values);
        var equalWidth = Histogram.EqualWidth(sketch, 10);
        var equalCount = Histogram.EqualCount(sketch, 10);
        Assert.Equal(50_000, equalWidth.Counts.ToArray().Sum());
        Assert.Equal(50_000, equalCount.Counts.ToArray().Sum());
        Assert.All(equalCount.Counts.ToArray(), count => Assert.InRange(count, 4600, 5400));
        var exact = PairedCounts.Of(Sample.Of(values), Sample.Of(values), equalWidth.Edges).Reference.ToArray();
        Assert.All(exact.Zip(equalWidth.Counts.ToArray()), p => Assert.InRange(p.First - p.Second, -400, 400));
        var constant = new QuantileSketch();
        constant.Add([7, 7, 7]);
        Assert.Equal([3.0], Histogram.EqualWidth(constant, 10).Counts.ToArray());
        Assert.Equal([3.0], Histogram.EqualCount(constant, 10).Counts.ToArray());
    }

    [Fact]
    public void Bytes_that_are_no_sketch_are_refused_whatever_they_are()
    {
        var random = new RandomSource(3);
        var quantiles = new QuantileSketch();
        quantiles.Add(Enumerable.Range(0, 3000).Select(i => (double)i).ToArray());
        var items = new FrequentItems(16);
        items.Add("word");
        byte[][] stored =
        [
            new Moments().ToBytes(),
            quantiles.ToBytes(),
            new DistinctSketch().ToBytes(),
            items.ToBytes(),
            Histogram.EqualWidth(0, 1, 3).ToBytes(),
            new Reservoir<long>(4, 1).ToBytes(),
        ];
        Action<byte[]>[] readers =
        [
            b => Moments.FromBytes(b),
            b => QuantileSketch.FromBytes(b),
            b => DistinctSketch.FromBytes(b),
            b => FrequentItems.FromBytes(b),
            b => Histogram.FromBytes(b),
            b => Reservoir.FromBytes<long>(b),
        ];
        for (var kind = 0; kind < stored.Length; kind++)
        {
            readers[kind](stored[kind]);
            Assert.Throws<FormatException>(() => readers[(kind + 1) % readers.Length](stored[kind]));
            for (var length = 0; length < stored[kind].Length; length += 1 + length / 50)
                Assert.Throws<FormatException>(() => readers[kind](stored[kind][..length]));
            for (var trial = 0; trial < 300; trial++)
            {
                var spoilt = (byte[])stored[kind].Clone();
                spoilt[3 + random.Next(spoilt.Length - 3)] = (byte)random.Next(256);
                // Whatever the byte was: it is read, or refused with one kind of fault, and never takes memory or time.
                var fault = Record.Exception(() => readers[kind](spoilt));
                Assert.True(fault is null or FormatException, fault?.ToString());
            }
        }
    }
}
