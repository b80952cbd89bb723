// A surface over scattered runs: between them each place takes the mean of those around, the nearer the more.
export interface Spot {
  x: number;
  y: number;
  z: number;
}

/** Values on a grid, row by row from below. */
export function surfaceOf(spots: readonly Spot[], columns: number, rows: number): number[] {
  return Array.from({ length: columns * rows }, (_, i) =>
    valueAt(spots, ((i % columns) + 0.5) / columns, (Math.floor(i / columns) + 0.5) / rows),
  );
}

function valueAt(spots: readonly Spot[], x: number, y: number): number {
  let [sum, weights] = [0, 0];
  for (const spot of spots) {
    const distance = (spot.x - x) ** 2 + (spot.y - y) ** 2;
    const weight = 1 / (distance + 1e-6) ** 1.5;
    sum += weight * spot.z;
    weights += weight;
  }
  return weights === 0 ? NaN : sum / weights;
}

export interface Quartiles {
  low: number;
  lower: number;
  middle: number;
  upper: number;
  high: number;
}

/** A box and its whiskers, which reach to the furthest value within one and a half boxes. */
export function quartilesOf(values: readonly number[]): Quartiles {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => {
    const place = (sorted.length - 1) * share;
    const below = Math.floor(place);
    const [a, b] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
    return a + (b - a) * (place - below);
  };
  const [lower, middle, upper] = [at(0.25), at(0.5), at(0.75)];
  const reach = 1.5 * (upper - lower);
  return {
    low: sorted.find((value) => value >= lower - reach)!,
    lower,
    middle,
    upper,
    high: sorted.findLast((value) => value <= upper + reach)!,
  };
}
