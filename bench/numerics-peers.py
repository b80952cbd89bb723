"""Measures SciPy and scikit-learn on the columns that Slipway.Numerics.Bench left in a folder, in CPU time of one thread.

On Debian: apt-get install python3-scipy python3-sklearn. One thread, because a second one spins while it waits.
"""

import os
import sys
import time

os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = "1"

import numpy as np
from scipy import stats
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.metrics import average_precision_score, log_loss, roc_auc_score
from sklearn.preprocessing import StandardScaler


def measure(name, work, rounds=4):
    best = float("inf")
    for _ in range(rounds):
        before = time.process_time()
        result = work()
        best = min(best, time.process_time() - before)
    print(f"{name:45}{best * 1000:10.1f} ms   {str(result)[:60]}", flush=True)


def load(name):
    return np.fromfile(os.path.join(sys.argv[1], name + ".bin"))


def psi():
    edges = np.quantile(a, np.linspace(0, 1, 11))
    edges[0], edges[-1] = -np.inf, np.inf
    p, q = np.histogram(a, edges)[0] / len(a), np.histogram(b, edges)[0] / len(b)
    return ((p - q) * np.log(p / q)).sum()


def mmd(x, y):
    def kernel(u, v):
        return np.exp(-((u[:, None] - v[None, :]) ** 2) / 2).sum()

    return kernel(x, x) + kernel(y, y) - 2 * kernel(x, y)


a, b = load("a"), load("b")
labels = a + 2 * b > 0
probabilities = 1 / (1 + np.exp(-a))
texts = np.array([f"category {int(abs(v * 20))}" for v in a], dtype=object)
measure("KS test, 1M vs 1M", lambda: stats.ks_2samp(a, b))
measure("Wasserstein, 1M vs 1M", lambda: stats.wasserstein_distance(a, b))
measure("energy distance, 1M vs 1M", lambda: stats.energy_distance(a, b))
measure("Mann-Whitney, 1M vs 1M", lambda: stats.mannwhitneyu(a, b, method="asymptotic"))
measure("PSI of deciles, 1M vs 1M", psi)
measure("exact KS, 5000 vs 5000", lambda: stats.ks_2samp(a[:5000], b[:5000], mode="exact"))
measure("MMD², 2000 vs 2000", lambda: mmd(a[:2000], b[:2000]))
measure("area under ROC, 1M", lambda: roc_auc_score(labels, a))
measure("average precision, 1M", lambda: average_precision_score(labels, a))
measure("log loss, 1M", lambda: log_loss(labels, probabilities))
measure("moments, 1M", lambda: (a.mean(), a.std(), a.min(), a.max(), stats.skew(a), stats.kurtosis(a)))
measure("exact quantiles, 1M", lambda: np.quantile(a, [0.1, 0.5, 0.9]))
measure("exact distinct count, 1M", lambda: len(np.unique(a)))
measure("histogram of 50 bins, 1M", lambda: np.histogram(a, 50, (-6, 6))[0][0])
measure("frequent texts, 1M", lambda: np.unique(texts.astype(str), return_counts=True)[1].max())
table, answers = load("table").reshape(-1, 20), load("answers")
classes = answers > 0
measure("linear regression, 200k x 20", lambda: LinearRegression().fit(table, answers).intercept_)
measure(
    "logistic regression, 200k x 20",
    lambda: LogisticRegression().fit(StandardScaler().fit_transform(table), classes).intercept_,
)
trees = HistGradientBoostingClassifier(early_stopping=False).fit(table, classes)
measure("100 boosted trees, 200k x 20", lambda: HistGradientBoostingClassifier(early_stopping=False).fit(table, classes).n_iter_)
measure("their answers, 200k rows", lambda: trees.predict_proba(table)[0])
