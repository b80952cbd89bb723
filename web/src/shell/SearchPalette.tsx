import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { Icon } from "../kit/Icon";
import { Dialog } from "../kit/Overlay";
import { type Found, finders } from "./search";
import styles from "./SearchPalette.module.css";

/** Finds anything by name or id, from everywhere. */
export function SearchPalette({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [chosen, setChosen] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), 120);
    return () => clearTimeout(timer);
  }, [text]);
  const search = useQuery({
    queryKey: ["search", asked],
    queryFn: async ({ signal }) => (await Promise.all(finders().map((find) => find(asked, signal)))).flat(),
    placeholderData: (before) => before,
  });
  const found = search.data ?? [];
  const open = (item: Found) => {
    onClose();
    void navigate({ to: item.to });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.key === "ArrowDown") setChosen(Math.min(chosen + 1, found.length - 1));
    else if (event.key === "ArrowUp") setChosen(Math.max(chosen - 1, 0));
    else if (event.key === "Enter" && found[chosen]) open(found[chosen]);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Search" hideTitle wide onClose={onClose}>
      <div className={styles["box"]}>
        <Icon name="search" />
        <input
          role="combobox"
          aria-label="Search everything"
          aria-expanded={found.length > 0}
          aria-controls="search-results"
          aria-activedescendant={found[chosen] ? `found-${chosen}` : undefined}
          placeholder="Experiments, runs and models, by name"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setChosen(0);
          }}
          onKeyDown={onKeyDown}
        />
      </div>
      <div id="search-results" role="listbox" aria-label="Results" className={styles["results"]}>
        {found.map((item, i) => (
          <div
            key={item.to}
            id={`found-${i}`}
            role="option"
            aria-selected={i === chosen}
            className={styles["result"]}
            onPointerMove={() => setChosen(i)}
            onClick={() => open(item)}
          >
            <Icon name={item.icon} />
            <span className={styles["name"]}>{item.title}</span>
            <small>{item.detail}</small>
          </div>
        ))}
      </div>
      {search.isSuccess && found.length === 0 && (
        <p className={styles["note"]} role="status">
          Nothing has “{asked}” in its name.
        </p>
      )}
      {search.error && (
        <p className={styles["note"]} role="alert">
          {search.error.message}
        </p>
      )}
    </Dialog>
  );
}
