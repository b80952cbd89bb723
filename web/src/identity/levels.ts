import type { AccessLevel, Grant, GrantKind } from "../api/identity";

export const levels: readonly { value: AccessLevel; label: string }[] = [
  { value: "read", label: "Look at it" },
  { value: "use", label: "Use it, make things" },
  { value: "edit", label: "Change it" },
  { value: "manage", label: "Manage it" },
  { value: "none", label: "Nothing at all" },
];

export const kinds: readonly { value: GrantKind; label: string }[] = [
  { value: "workspace", label: "The workspace" },
  { value: "experiment", label: "Experiments" },
  { value: "registered_model", label: "Models" },
];

/** What a grant is given on, in words. */
export function placeOf(grant: Grant): string {
  if (grant.kind === "server") return "the server";
  if (grant.kind === "workspace") return `workspace ${grant.on ?? grant.workspace}`;
  const noun = grant.kind === "experiment" ? "experiment" : "model";
  return grant.on === undefined ? `all ${noun}s` : `${noun} ${grant.on}`;
}

export function levelName(level: AccessLevel): string {
  return levels.find((one) => one.value === level)!.label.toLowerCase();
}
