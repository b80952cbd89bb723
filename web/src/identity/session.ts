// Who the viewer is, and whether the server wants to know it before it shows anything.
import { useQuery } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { ask, onLoginDemanded, send } from "../api/client";
import { queries } from "../api/queries";
import type { SessionResource } from "../api/records";

let demanded = false;
const watchers = new Set<() => void>();

function setDemanded(next: boolean): void {
  if (demanded === next) return;
  demanded = next;
  watchers.forEach((watcher) => watcher());
}

onLoginDemanded(() => setDemanded(true));

export function useLoginDemanded(): boolean {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => demanded,
  );
}

export function useSession() {
  return useQuery({
    queryKey: ["session"],
    queryFn: ({ signal }) => ask<SessionResource>("/api/v1/session", { signal }),
    retry: false,
  });
}

export async function signIn(user: string, password: string): Promise<void> {
  const bytes = new TextEncoder().encode(`${user}:${password}`);
  const credentials = btoa(String.fromCharCode(...bytes));
  await send("/api/v1/session", { method: "POST", headers: { Authorization: `Basic ${credentials}` } });
  queries.clear();
  setDemanded(false);
}

export async function signOut(): Promise<void> {
  await ask("/api/v1/session", { method: "DELETE" });
  queries.clear();
  setDemanded(true);
}
