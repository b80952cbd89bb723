namespace Slipway.Numerics.Metrics;

/// <summary>
/// Scores of rows that are positive or not, sorted once: what is asked of the order of scores, at every threshold. The
/// curves have one point for each different score.
/// </summary>
public sealed class BinaryScores
{
    // Of each different score, falling: the positives and negatives that reach it.
    private readonly double[] thresholds;
    private readonly double[] hits;
    private readonly double[] falseAlarms;

    private BinaryScores(double[] thresholds, double[] hits, double[] falseAlarms)
    {
        this.thresholds = thresholds;
        this.hits = hits;
        this.falseAlarms = falseAlarms;
    }

    public double Positives => hits[^1];

    public double Negatives => falseAlarms[^1];

    public static BinaryScores Of(ReadOnlySpan<bool> truth, ReadOnlySpan<double> scores)
    {
        var gains = new double[truth.Length];
        for (var i = 0; i < gains.Length; i++)
            gains[i] = truth[i] ? 1 : 0;
        return Expected(gains, scores);
    }

    /// <summary>Rows that are positive with a probability: what the curves are expected to be before labels come.</summary>
    public static BinaryScores Expected(ReadOnlySpan<double> probabilities, ReadOnlySpan<double> scores)
    {
        Require.Pairs(scores, probabilities);
        var keys = scores.ToArray();
        var gains = probabilities.ToArray();
        Array.Sort(keys, gains);
        var distinct = new List<double>();
        var reached = new List<double>();
        var alarms = new List<double>();
        double hit = 0,
            alarm = 0;
        for (var i = keys.Length - 1; i >= 0; i--)
        {
            hit += gains[i];
            alarm += 1 - gains[i];
            if (i > 0 && keys[i - 1] == keys[i])
                continue;
            distinct.Add(keys[i]);
            reached.Add(hit);
            alarms.Add(alarm);
        }
        return new BinaryScores([.. distinct], [.. reached], [.. alarms]);
    }

    /// <summary>The area under the ROC curve: the chance that a positive outscores a negative, ties by half.</summary>
    public double RocAuc()
    {
        RequireBothClasses();
        double area = 0,
            previousHits = 0,
            previousAlarms = 0;
        for (var i = 0; i < hits.Length; i++)
        {
            area += (falseAlarms[i] - previousAlarms) * (hits[i] + previousHits) / 2;
            (previousHits, previousAlarms) = (hits[i], falseAlarms[i]);
        }
        return area / (Positives * Negatives);
    }

    /// <summary>2 AUC − 1.</summary>
    public double Gini() => 2 * RocAuc() - 1;

    /// <summary>The area up to a rate of false alarms, scaled so that chance is 0.5 (McClish, 1989).</summary>
    public double PartialRocAuc(double largestFalseAlarmRate)
    {
        RequireBothClasses();
        if (!(largestFalseAlarmRate is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(largestFalseAlarmRate), "A rate lies between 0 and 1.");
        if (largestFalseAlarmRate == 1)
            return RocAuc();
        double area = 0,
            x = 0,
            y = 0;
        for (var i = 0; i < hits.Length && x < largestFalseAlarmRate; i++)
        {
            double nextX = falseAlarms[i] / Negatives,
                nextY = hits[i] / Positives;
            if (nextX > largestFalseAlarmRate)
            {
                nextY = y + (nextY - y) * (largestFalseAlarmRate - x) / (nextX - x);
                nextX = largestFalseAlarmRate;
            }
            area += (nextX - x) * (y + nextY) / 2;
            (x, y) = (nextX, nextY);
        }
        var chance = largestFalseAlarmRate * largestFalseAlarmRate / 2;
        return (1 + (area - chance) / (largestFalseAlarmRate - chance)) / 2;
    }

    /// <summary>The sum of precision over steps of recall, without interpolation; 0 where nothing is positive.</summary>
    public double AveragePrecision()
    {
        double sum = 0,
            previous = 0;
        for (var i = 0; i < hits.Length; i++)
        {
            sum += (hits[i] - previous) * hits[i] / (hits[i] + falseAlarms[i]);
            previous = hits[i];
        }
        return Positives == 0 ? 0 : sum / Positives;
    }

    /// <summary>The largest gap between the rates of hits and of false alarms: the KS of credit scoring, Youden's J.</summary>
    public double LargestGap()
    {
        RequireBothClasses();
        var largest = 0.0;
        for (var i = 0; i < hits.Length; i++)
            largest = Math.Max(largest, hits[i] / Positives - falseAlarms[i] / Negatives);
        return largest;
    }

    /// <summary>Points from (0, 0) at an infinite threshold to (1, 1).</summary>
    public (double[] FalseAlarmRates, double[] HitRates, double[] Thresholds) RocCurve()
    {
        RequireBothClasses();
        return (
            [0, .. falseAlarms.Select(f => f / Negatives)],
            [0, .. hits.Select(h => h / Positives)],
            [double.PositiveInfinity, .. thresholds]
        );
    }

    /// <summary>Points by rising threshold, ended by precision 1 at recall 0, which has no threshold.</summary>
    public (double[] Precision, double[] Recall, double[] Thresholds) PrecisionRecallCurve()
    {
        var count = hits.Length;
        double[] precision = new double[count + 1],
            recall = new double[count + 1],
            rising = new double[count];
        precision[count] = 1;
        for (var i = 0; i < count; i++)
        {
            var from = count - 1 - i;
            precision[i] = hits[from] / (hits[from] + falseAlarms[from]);
            recall[i] = Positives == 0 ? 1 : hits[from] / Positives;
            rising[i] = thresholds[from];
        }
        return (precision, recall, rising);
    }

    /// <summary>The area under the precision-recall curve by straight lines: optimistic; prefer <see cref="AveragePrecision"/>.</summary>
    public double PrecisionRecallArea()
    {
        var (precision, recall, _) = PrecisionRecallCurve();
        var area = 0.0;
        for (var i = 1; i < recall.Length; i++)
            area += (recall[i - 1] - recall[i]) * (precision[i - 1] + precision[i]) / 2;
        return area;
    }

    private void RequireBothClasses()
    {
        if (Positives == 0 || Negatives == 0)
            throw new NotComputableException("All rows are of one class, so scores cannot tell two classes apart.");
    }
}
