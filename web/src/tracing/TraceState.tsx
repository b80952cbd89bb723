import { Status } from "../tracking/Status";

export function TraceState({ state }: { state: string | undefined }) {
  return <Status status={state === "ERROR" ? "failed" : state === "IN_PROGRESS" ? "running" : "finished"} />;
}
