namespace Slipway.Numerics.Metrics;

/// <summary>How well scores put one list in order. For several lists take the mean.</summary>
public static class Ranking
{
    /// <summary>
    /// Discounted cumulative gain (Järvelin and Kekäläinen, 2002) with linear gain and log2 discount, over the best k. Of
    /// equal scores each order is held for as likely (McSherry and Najork, 2008).
    /// </summary>
    public static double Dcg(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int k = int.MaxValue)
    {
        Require.Pairs(relevance, scores);
        var keys = scores.ToArray();
        var gains = relevance.ToArray();
        Array.Sort(keys, gains);
        Array.Reverse(keys);
        Array.Reverse(gains);
        var sum = 0.0;
        for (int start = 0, end; start < keys.Length; start = end)
        {
            double gain = 0,
                discount = 0;
            for (end = start; end < keys.Length && keys[end] == keys[start]; end++)
            {
                gain += gains[end];
                discount += end < k ? 1 / Math.Log2(end + 2) : 0;
            }
            sum += gain / (end - start) * discount;
        }
        return sum;
    }

    /// <summary>The gain as a share of what the best order would reach; 0 where nothing is relevant.</summary>
    public static double Ndcg(ReadOnlySpan<double> relevance, ReadOnlySpan<double> scores, int k = int.MaxValue)
    {
        var gain = Dcg(relevance, scores, k);
        foreach (var value in relevance)
        {
            if (value < 0)
                throw new NotComputableException("A relevance is negative, so the best order has no meaning.");
        }
        var best = Dcg(relevance, relevance, k);
        return best == 0 ? 0 : gain / best;
    }

    /// <summary>The mean share of relevant ones among those scored at least as high, over the relevant; 1 where it cannot fail.</summary>
    public static double LabelRankingAveragePrecision(ReadOnlySpan<bool> relevant, ReadOnlySpan<double> scores)
    {
        Require.SameLength(relevant.Length, scores.Length);
        Require.Some(scores.Length);
        Require.Finite(scores);
        var sum = 0.0;
        var all = 0;
        for (var i = 0; i < scores.Length; i++)
        {
            if (!relevant[i])
                continue;
            all++;
            int rank = 0,
                hits = 0;
            for (var j = 0; j < scores.Length; j++)
            {
                if (scores[j] < scores[i])
                    continue;
                rank++;
                hits += relevant[j] ? 1 : 0;
            }
            sum += (double)hits / rank;
        }
        return all == 0 || all == scores.Length ? 1 : sum / all;
    }

    /// <summary>One over the place of the first relevant one; ties are counted against it; 0 where none is relevant.</summary>
    public static double ReciprocalRank(ReadOnlySpan<bool> relevant, ReadOnlySpan<double> scores)
    {
        Require.SameLength(relevant.Length, scores.Length);
        Require.Some(scores.Length);
        Require.Finite(scores);
        var best = double.NegativeInfinity;
        for (var i = 0; i < scores.Length; i++)
        {
            if (relevant[i])
                best = Math.Max(best, scores[i]);
        }
        if (double.IsNegativeInfinity(best))
            return 0;
        var place = 1;
        for (var i = 0; i < scores.Length; i++)
            place += scores[i] > best || (scores[i] == best && !relevant[i]) ? 1 : 0;
        return 1.0 / place;
    }
}
