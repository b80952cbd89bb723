import type { IconName } from "../kit/Icon";

export interface Found {
  icon: IconName;
  title: string;
  detail: string;
  to: string;
}

type Finder = (text: string, signal: AbortSignal) => Promise<Found[]>;

const known: Finder[] = [];

/** A slot: each capability brings what finds its own things. */
export function addFinder(finder: Finder): void {
  known.push(finder);
}

export function finders(): readonly Finder[] {
  return known;
}
