// What upper capabilities bring to the page of a run.
import type { ComponentType } from "react";
import type { Run } from "../api/tracking";

export type RunAction = ComponentType<{ run: Run }>;

const actions: RunAction[] = [];

export function addRunAction(action: RunAction): void {
  if (!actions.includes(action)) actions.push(action);
}

export function runActions(): readonly RunAction[] {
  return actions;
}
