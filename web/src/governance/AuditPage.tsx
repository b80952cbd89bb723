import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { ask } from "../api/client";
import type { AuditEvent } from "../api/identity";
import { Button, IconButton } from "../kit/Button";
import { Checkbox, TextField } from "../kit/Field";
import { save } from "../kit/save";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { Copyable } from "../kit/Words";
import { count, exactTime } from "../kit/words";
import { Page } from "../shell/Page";
import { ChainState } from "./ChainState";
import { listingOf, pageSize, toCsv } from "./events";
import styles from "./AuditPage.module.css";

const route = getRouteApi("/audit");

export function AuditPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (part: Partial<typeof search>) =>
    void navigate({ search: (before) => ({ ...before, ...part }), replace: true });
  const events = useInfiniteQuery({
    queryKey: ["events", search],
    queryFn: ({ pageParam, signal }) => ask<AuditEvent[]>(`/api/v1/events?${listingOf(search, pageParam)}`, { signal }),
    initialPageParam: 0,
    getNextPageParam: (last) => (last.length < pageSize ? undefined : last[last.length - 1]!.position),
    retry: false,
  });
  const found = events.data?.pages.flat() ?? [];
  return (
    <Page
      title="Audit"
      actions={
        <Button
          icon="download"
          disabled={found.length === 0}
          onClick={() => save("audit.csv", new Blob([toCsv(found)], { type: "text/csv" }))}
        >
          Save as CSV
        </Button>
      }
    >
      <ChainState />
      <div className={styles["bar"]}>
        <Box label="What: run.finished, or run" value={search.kind} onChange={(kind) => change({ kind })} />
        <Box label="Who: a user name" value={search.actor} onChange={(actor) => change({ actor })} />
        <Box label="On what: an id" value={search.subject} onChange={(subject) => change({ subject })} />
        <Checkbox
          label="All workspaces"
          checked={search.everywhere === "1"}
          onChange={(event) => change({ everywhere: event.target.checked ? "1" : undefined })}
        />
      </div>
      {events.error ? (
        <FaultView error={events.error} retry={() => void events.refetch()} />
      ) : events.isPending ? (
        <SkeletonLines lines={10} />
      ) : found.length === 0 ? (
        <Empty icon="clock" title="Nothing of this kind is recorded">
          <p>What happens stands here within a second.</p>
        </Empty>
      ) : (
        <Events events={found} />
      )}
      {events.hasNextPage && (
        <Button disabled={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
          Earlier
        </Button>
      )}
    </Page>
  );
}

function Events({ events }: { events: readonly AuditEvent[] }) {
  const [open, setOpen] = useState<number>();
  return (
    <div className={styles["scroll"]} tabIndex={0} role="region" aria-label="Events">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span className="visually-hidden">More</span>
            </th>
            {["Place", "When", "What", "On", "Who", "From", "Workspace"].map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {events.map((event) => [
            <tr key={event.position}>
              <td>
                <IconButton
                  icon={open === event.position ? "chevron" : "right"}
                  label={`More about ${event.position}`}
                  aria-expanded={open === event.position}
                  onClick={() => setOpen(open === event.position ? undefined : event.position)}
                />
              </td>
              <td>{count(event.position)}</td>
              <td>{exactTime(event.time_ms)}</td>
              <td>{event.kind}</td>
              <td title={event.subject_id}>
                {event.subject_kind} {event.subject_id}
              </td>
              <td>{event.actor || "the server"}</td>
              <td>{event.address || "–"}</td>
              <td>{event.workspace || "–"}</td>
            </tr>,
            open === event.position && (
              <tr key={`${event.position} more`}>
                <td />
                <td colSpan={7} className={styles["more"]}>
                  <pre>{pretty(event.payload)}</pre>
                  <p>
                    Link <Copyable text={event.hash} label="link" />
                  </p>
                </td>
              </tr>
            ),
          ])}
        </tbody>
      </table>
    </div>
  );
}

function pretty(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 2);
}

function Box({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}) {
  const [text, setText] = useState(value ?? "");
  const take = () => onChange(text.trim() || undefined);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
    >
      <TextField
        label={label}
        hideLabel
        type="search"
        placeholder={label}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onBlur={take}
      />
    </form>
  );
}
