// One line of the search grammar, with the names it can use offered while typing and an error shown where it is.
import { useEffect, useId, useRef, useState } from "react";
import type { Fault } from "../api/client";
import type { RunFields } from "../api/tracking";
import { IconButton } from "../kit/Button";
import { Icon } from "../kit/Icon";
import { complete, suggestionsFor } from "./completion";
import styles from "./FilterBox.module.css";

const pauseMs = 450;

export function FilterBox({
  value,
  fields,
  fault,
  onChange,
}: {
  value: string;
  fields: RunFields | undefined;
  fault: Fault | undefined;
  onChange: (value: string) => void;
}) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [text, setText] = useState(value);
  const [caret, setCaret] = useState(-1);
  const [chosen, setChosen] = useState(-1);
  const [scrolled, setScrolled] = useState(0);
  useEffect(() => setText(value), [value]);
  useEffect(() => {
    if (text === value) return;
    const timer = setTimeout(() => onChange(text), pauseMs);
    return () => clearTimeout(timer);
  }, [text, value, onChange]);

  const offered = caret < 0 ? [] : suggestionsFor(text, caret, fields);
  const take = (suggestion: string) => {
    const next = complete(text, caret, suggestion);
    setText(next.text);
    setChosen(-1);
    setCaret(-1);
    requestAnimationFrame(() => {
      input.current?.focus();
      input.current?.setSelectionRange(next.caret, next.caret);
    });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown" && offered.length > 0) setChosen((chosen + 1) % offered.length);
    else if (event.key === "ArrowUp" && offered.length > 0)
      setChosen(((chosen + offered.length) % (offered.length + 1)) - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && offered[chosen] !== undefined) take(offered[chosen]);
    else if (event.key === "Enter") {
      setCaret(-1);
      onChange(text);
    } else if (event.key === "Escape") setCaret(-1);
    else return;
    event.preventDefault();
  };
  const place = text === value ? fault?.position : undefined;
  return (
    <div className={styles["box"]} data-bad={fault !== undefined || undefined}>
      <Icon name="filter" />
      <div className={styles["line"]}>
        <input
          ref={input}
          role="combobox"
          aria-label="Filter runs"
          aria-expanded={offered.length > 0}
          aria-controls={`${id}-offered`}
          aria-activedescendant={chosen >= 0 ? `${id}-${chosen}` : undefined}
          aria-invalid={fault !== undefined}
          aria-describedby={fault ? `${id}-fault` : undefined}
          placeholder="metrics.loss < 0.1 AND params.model = 'gbt'"
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setCaret(event.target.selectionStart ?? -1);
            setChosen(-1);
          }}
          onKeyDown={onKeyDown}
          onScroll={(event) => setScrolled(event.currentTarget.scrollLeft)}
          onBlur={() => setCaret(-1)}
        />
        {place !== undefined && (
          <span
            className={styles["place"]}
            style={{ left: `calc(${Math.min(place - 1, text.length)}ch - ${scrolled}px)` }}
            aria-hidden="true"
          />
        )}
      </div>
      {text !== "" && (
        <IconButton
          icon="close"
          label="Clear the filter"
          onClick={() => {
            setText("");
            onChange("");
          }}
        />
      )}
      {offered.length > 0 && (
        <div id={`${id}-offered`} role="listbox" aria-label="Fields" className={styles["offered"]}>
          {offered.map((suggestion, i) => (
            <div
              key={suggestion}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === chosen}
              onPointerDown={(event) => {
                event.preventDefault();
                take(suggestion);
              }}
            >
              {suggestion}
            </div>
          ))}
        </div>
      )}
      {fault && text === value && (
        <p id={`${id}-fault`} role="alert" className={styles["fault"]}>
          {fault.message} {fault.hint}
        </p>
      )}
    </div>
  );
}
