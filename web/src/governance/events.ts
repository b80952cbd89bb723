// The record of events as the pages ask for it and write it down.
import type { AuditEvent } from "../api/identity";
import { csvCell } from "../kit/csv";

export const pageSize = 200;

export interface AuditSearch {
  kind?: string;
  actor?: string;
  subject?: string;
  everywhere?: string;
}

export function listingOf({ kind, actor, subject, everywhere }: AuditSearch, before: number): URLSearchParams {
  const search = new URLSearchParams({ page_size: String(pageSize) });
  if (before > 0) search.set("before", String(before));
  if (kind) search.set("kind", kind);
  if (actor) search.set("actor", actor);
  if (subject) search.set("subject", subject);
  if (everywhere === "1") search.set("scope", "server");
  return search;
}

export function toCsv(events: readonly AuditEvent[]): string {
  const head = ["position", "time", "kind", "on", "id", "workspace", "actor", "address", "payload", "hash"];
  const rows = events.map((event) => [
    String(event.position),
    new Date(event.time_ms).toISOString(),
    event.kind,
    event.subject_kind,
    event.subject_id,
    event.workspace,
    event.actor,
    event.address,
    event.payload,
    event.hash,
  ]);
  return [head, ...rows, []].map((cells) => cells.map(csvCell).join(",")).join("\r\n");
}
