// How numbers, times and sizes are written, the same on every page.
const units = [
  { limit: 60_000, size: 1000, name: "s" },
  { limit: 3_600_000, size: 60_000, name: "min" },
  { limit: 86_400_000, size: 3_600_000, name: "h" },
  { limit: 30 * 86_400_000, size: 86_400_000, name: "d" },
] as const;

export function relativeTime(ms: number, now: number): string {
  const ago = now - ms;
  if (ago < 10_000) return "now";
  const unit = units.find((candidate) => ago < candidate.limit);
  return unit ? `${Math.floor(ago / unit.size)} ${unit.name} ago` : day(ms, now);
}

function day(ms: number, now: number): string {
  const sameYear = new Date(ms).getFullYear() === new Date(now).getFullYear();
  return new Intl.DateTimeFormat("en", {
    day: "numeric",
    month: "short",
    year: sameYear ? undefined : "numeric",
  }).format(ms);
}

export function exactTime(ms: number): string {
  return new Intl.DateTimeFormat("en-GB", { dateStyle: "medium", timeStyle: "long" }).format(ms);
}

export function duration(ms: number): string {
  if (ms < 0) return "–";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A measured value with as many digits as tell values apart, the same for all sizes of number. */
export function number(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e9 || size < 1e-4)
    return value.toExponential(3).replace("-", "−").replace("e−", "e-").replace("e+", "e");
  if (Number.isInteger(value)) return count(value);
  if (size < 1) return value.toPrecision(4).replace("-", "−");
  const digits = size >= 1e4 ? 1 : Math.max(0, 5 - (Math.floor(Math.log10(size)) + 1));
  return value.toFixed(digits).replace("-", "−");
}

export function count(value: number): string {
  return value.toLocaleString("en").replaceAll(",", "\u202f").replace("-", "−");
}

export function counted(value: number, noun: string, plural = `${noun}s`): string {
  return `${count(value)} ${value === 1 ? noun : plural}`;
}

export function bytes(size: number): string {
  if (size < 1024) return `${size} B`;
  const steps = ["KiB", "MiB", "GiB", "TiB"];
  const step = Math.min(Math.floor(Math.log2(size) / 10), steps.length);
  const scaled = size / 2 ** (10 * step);
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${steps[step - 1]}`;
}
