import { useQueries, useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { send } from "../api/client";
import type { Run } from "../api/tracking";
import { AnchorButton } from "../kit/Button";
import { Select } from "../kit/Field";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { bytes } from "../kit/words";
import { addressOf, type Artifact, readFolder } from "./artifacts";
import styles from "./RunArtifacts.module.css";

const folders = ["logs", "log"];
const isLog = /(\.(log|out|err)|(^|\/)(stdout|stderr|output)[\w.-]*)$/i;
const shownBytes = 256 * 1024;
const pauseMs = 2000;

/** What the code wrote while it ran: log files among the artifacts, from their end, followed while the run works. */
export function RunLogs({
  run,
  file,
  onChoose,
}: {
  run: Run;
  file: string | undefined;
  onChoose: (path: string) => void;
}) {
  const every = run.status === "running" ? pauseMs : false;
  const listings = useQueries({
    queries: ["", ...folders].map((folder) => ({
      queryKey: ["logs", run.id, folder],
      queryFn: ({ signal }: { signal: AbortSignal }) => readFolder(run.id, folder, signal),
      refetchInterval: every,
    })),
  });
  const found = listings.flatMap((listing, i) => (listing.data ?? []).filter((entry) => isText(entry, i > 0)));
  const failed = listings.find((listing) => listing.error);
  if (failed) return <FaultView error={failed.error} retry={() => void failed.refetch()} />;
  if (listings.some((listing) => !listing.data)) return <SkeletonLines />;
  const chosen = found.find((entry) => entry.path === file) ?? found[0];
  if (!chosen)
    return (
      <Empty icon="file" title="No log">
        <p>Log files stand here: artifacts in the folder “logs”, and those that end in .log, .out or .err.</p>
      </Empty>
    );
  return (
    <section aria-label="Log" className={styles["log"]}>
      <header>
        <Select
          label="Log file"
          options={found.map((entry) => ({ value: entry.path, label: entry.path }))}
          value={chosen.path}
          onChange={onChoose}
        />
        <AnchorButton icon="download" href={addressOf(run.id, chosen.path)} download={chosen.path.split("/").pop()}>
          Download
        </AnchorButton>
      </header>
      <Tail key={chosen.path} run={run} path={chosen.path} size={chosen.file_size ?? 0} />
    </section>
  );
}

function Tail({ run, path, size }: { run: Run; path: string; size: number }) {
  const view = useRef<HTMLPreElement>(null);
  const follows = useRef(true);
  const text = useQuery({
    queryKey: ["log", run.id, path, size],
    queryFn: async ({ signal }) => {
      const headers = size > shownBytes ? { Range: `bytes=-${shownBytes}` } : undefined;
      const answer = await send(
        `/api/v1/runs/${run.id}/artifacts/${path.split("/").map(encodeURIComponent).join("/")}`,
        {
          signal,
          headers,
        },
      );
      return plain(await answer.text());
    },
    placeholderData: (before) => before,
  });
  useEffect(() => {
    if (follows.current && view.current) view.current.scrollTop = view.current.scrollHeight;
  }, [text.data]);
  if (text.error) return <FaultView error={text.error} retry={() => void text.refetch()} />;
  if (text.data === undefined) return <SkeletonLines />;
  return (
    <>
      {size > shownBytes && (
        <p className={styles["note"]}>
          The last {bytes(shownBytes)} of {bytes(size)}.
        </p>
      )}
      <pre
        ref={view}
        className={styles["code"]}
        tabIndex={0}
        aria-label="Content of the log"
        onScroll={({ currentTarget: at }) => (follows.current = at.scrollHeight - at.scrollTop - at.clientHeight < 24)}
      >
        {text.data}
      </pre>
    </>
  );
}

function isText(entry: Artifact, inLogFolder: boolean): boolean {
  return !entry.is_dir && (inLogFolder || isLog.test(entry.path));
}

/** Without the signs by which terminals are told of colours, and with lines that overwrite themselves as they end. */
export function plain(text: string): string {
  return text
    .replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, "")
    .replace(/\r\n/g, "\n")
    .replace(/[^\n]*\r(?=[^\n])/g, "");
}
