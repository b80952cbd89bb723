// News from the server, by one connection per tab. A hidden tab lets go of it, because a browser opens only a few to one
// server; when it is seen again it goes on where it was, and what it missed comes first.
import type { ExperimentNews } from "../api/records";
import { useEffect, useState, useSyncExternalStore } from "react";

export type LiveState = "off" | "connecting" | "live" | "away";
type Listener = (news: ExperimentNews) => void;

const listeners = new Map<string, Set<Listener>>();
const watchers = new Set<() => void>();
let source: EventSource | undefined;
let watched = "";
let state: LiveState = "off";
let lastId = "";

function setState(next: LiveState): void {
  state = next;
  watchers.forEach((watcher) => watcher());
}

function connect(): void {
  const wanted = [...listeners.keys()].sort().join(",");
  if (document.hidden || wanted === "") {
    source?.close();
    source = undefined;
    setState("off");
    return;
  }
  if (source && wanted === watched && source.readyState !== EventSource.CLOSED) return;
  source?.close();
  if (wanted !== watched) lastId = "";
  watched = wanted;
  setState("connecting");
  const after = lastId === "" ? "" : `&after=${encodeURIComponent(lastId)}`;
  source = new EventSource(`/api/v1/live?experiments=${encodeURIComponent(wanted)}${after}`);
  source.onopen = () => setState("live");
  source.onerror = () => {
    setState("away");
    if (source?.readyState === EventSource.CLOSED) setTimeout(connect, 3000);
  };
  source.addEventListener("runs", (event) => {
    lastId = event.lastEventId;
    const news = JSON.parse(event.data as string) as ExperimentNews;
    listeners.get(news.experiment_id)?.forEach((listener) => listener(news));
  });
}

let planned = 0;
function plan(): void {
  // Pages that follow each other within a moment share one change of the connection.
  clearTimeout(planned);
  planned = window.setTimeout(connect, 50);
}

document.addEventListener("visibilitychange", plan);

/** Hears of changes in an experiment while the component is in use. */
export function useRunNews(experimentId: string | undefined, listener: Listener): void {
  const [heard] = useState(() => ({ listener }));
  useEffect(() => {
    heard.listener = listener;
  });
  useEffect(() => {
    if (experimentId === undefined) return;
    const call: Listener = (news) => heard.listener(news);
    const set = listeners.get(experimentId) ?? new Set();
    listeners.set(experimentId, set.add(call));
    plan();
    return () => {
      set.delete(call);
      if (set.size === 0) listeners.delete(experimentId);
      plan();
    };
  }, [experimentId, heard]);
}

export function useLiveState(): LiveState {
  return useSyncExternalStore(
    (watcher) => {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
    () => state,
  );
}
