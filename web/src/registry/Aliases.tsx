import styles from "./Registry.module.css";

/** The names by which others ask for a version. */
export function Aliases({ aliases }: { aliases: readonly string[] }) {
  return (
    <span className={styles["aliases"]}>
      {aliases.map((alias) => (
        <span key={alias} title={alias}>
          {alias}
        </span>
      ))}
    </span>
  );
}
