import { useMutation } from "@tanstack/react-query";
import { ask } from "../api/client";
import type { AuditReport } from "../api/identity";
import { Button } from "../kit/Button";
import { Copyable } from "../kit/Words";
import { count } from "../kit/words";
import styles from "./AuditPage.module.css";

/** Whether the record is as it was written. All of it is gone through, so this happens when somebody asks. */
export function ChainState() {
  const check = useMutation({ mutationFn: () => ask<AuditReport>("/api/v1/events/verify") });
  const report = check.data;
  return (
    <section aria-label="State of the record" className={styles["chain"]} data-bad={report?.ok === false || undefined}>
      <div role="status">
        {!report && !check.error && (
          <p>Each event is sealed by a link over everything before it: who changes one, changes all that follow.</p>
        )}
        {check.error && <p>{check.error.message}</p>}
        {report?.ok && (
          <>
            <p>
              <b>{count(report.sealed)} events are as they were written.</b>
              {report.unsealed > 0 && ` ${count(report.unsealed)} more are too new to be sealed.`}
            </p>
            <p>Keep this link where nobody who can change the record can:</p>
            <Copyable text={report.anchor} label="link" />
          </>
        )}
        {report && !report.ok && (
          <p>
            <b>The record is not as it was written:</b> at place {count(report.broken_at ?? 0)} {report.reason}.
          </p>
        )}
      </div>
      <Button icon="check" disabled={check.isPending} onClick={() => check.mutate()}>
        {check.isPending ? "Going through it" : "Verify the record"}
      </Button>
    </section>
  );
}
