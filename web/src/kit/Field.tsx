import { type ComponentProps, type ReactNode, useId } from "react";
import styles from "./Field.module.css";

type TextProps = ComponentProps<"input"> & { label: string; hideLabel?: boolean; hint?: ReactNode; error?: ReactNode };

export function TextField({ label, hideLabel, hint, error, className, ...rest }: TextProps) {
  const id = useId();
  const says = error ?? hint;
  return (
    <div className={[styles["field"], className].filter(Boolean).join(" ")}>
      <label htmlFor={id} className={hideLabel ? "visually-hidden" : styles["label"]}>
        {label}
      </label>
      <input
        id={id}
        className={styles["input"]}
        aria-invalid={error !== undefined}
        aria-describedby={says === undefined ? undefined : `${id}-says`}
        {...rest}
      />
      {says !== undefined && (
        <span id={`${id}-says`} className={error === undefined ? styles["hint"] : styles["error"]}>
          {says}
        </span>
      )}
    </div>
  );
}

export function TextArea({ label, ...rest }: ComponentProps<"textarea"> & { label: string }) {
  const id = useId();
  return (
    <div className={styles["field"]}>
      <label htmlFor={id} className={styles["label"]}>
        {label}
      </label>
      <textarea id={id} className={styles["input"]} {...rest} />
    </div>
  );
}

export function Checkbox({
  label,
  hideLabel,
  ...rest
}: ComponentProps<"input"> & { label: string; hideLabel?: boolean }) {
  return (
    <label className={styles["choice"]}>
      <input type="checkbox" {...rest} />
      <span className={hideLabel ? "visually-hidden" : undefined}>{label}</span>
    </label>
  );
}

interface Option<T extends string> {
  value: T;
  label: string;
}

export function Select<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <label className={styles["select"]}>
      <span className="visually-hidden">{label}</span>
      <select value={value} aria-label={label} onChange={(event) => onChange(event.target.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  );
}

/** A choice of few, all of them in view. */
export function Choice<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly Option<T>[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <div role="group" aria-label={label} className={styles["segments"]}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
        >
          {option.label}
        </button>
      ))}
    </div>
  );
}
