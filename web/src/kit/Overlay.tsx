import { type ReactNode, useEffect, useId, useRef, useState } from "react";
import { Button, IconButton } from "./Button";
import type { IconName } from "./Icon";
import styles from "./Overlay.module.css";

/** A window over the page. The browser's own dialog keeps the focus inside and gives it back. */
export function Dialog({
  title,
  hideTitle,
  onClose,
  children,
  wide,
}: {
  title: string;
  hideTitle?: boolean;
  onClose: () => void;
  children: ReactNode;
  wide?: boolean;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    dialog.current?.showModal();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={wide ? styles["wide"] : styles["dialog"]}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && dialog.current.close()}
    >
      <div className={styles["inside"]}>
        <header className={hideTitle ? "visually-hidden" : styles["title"]}>
          <h2 id={titleId}>{title}</h2>
          {!hideTitle && <IconButton icon="close" label="Close" onClick={() => dialog.current?.close()} />}
        </header>
        {children}
      </div>
    </dialog>
  );
}

/** Asks once, plainly, before something is done that others may feel. */
export function Confirm({
  title,
  children,
  action,
  onConfirm,
  onClose,
}: {
  title: string;
  children: ReactNode;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className={styles["text"]}>{children}</div>
      <footer className={styles["actions"]}>
        <Button onClick={onClose}>Cancel</Button>
        <Button
          kind="danger"
          onClick={() => {
            onConfirm();
            onClose();
          }}
        >
          {action}
        </Button>
      </footer>
    </Dialog>
  );
}

/** What opens below a button and closes by Escape, by a click elsewhere, or by what is chosen in it. */
export function Popover({
  label,
  icon,
  shown,
  children,
  align = "end",
  up,
}: {
  label: string;
  icon: IconName;
  shown?: ReactNode;
  children: (close: () => void) => ReactNode;
  align?: "start" | "end";
  /** For what stands at the foot of the window. */
  up?: boolean;
}) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const trigger = useRef<HTMLButtonElement>(null);
  const close = () => {
    setOpen(false);
    trigger.current?.focus();
  };
  useEffect(() => {
    if (!open) return;
    const outside = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    addEventListener("pointerdown", outside);
    return () => removeEventListener("pointerdown", outside);
  }, [open]);
  return (
    <div
      ref={root}
      className={styles["popover"]}
      onKeyDown={(event) => {
        if (event.key !== "Escape" || !open) return;
        event.stopPropagation();
        close();
      }}
    >
      <Button
        ref={trigger}
        icon={icon}
        kind={shown === undefined ? "quiet" : "plain"}
        aria-label={shown === undefined ? label : undefined}
        title={label}
        aria-expanded={open}
        aria-haspopup="dialog"
        onClick={() => setOpen(!open)}
      >
        {shown}
      </Button>
      {open && (
        <div
          role="dialog"
          aria-label={label}
          className={[styles["panel"], styles[align], up && styles["up"]].filter(Boolean).join(" ")}
        >
          {children(close)}
        </div>
      )}
    </div>
  );
}
