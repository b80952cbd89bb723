import { useState } from "react";
import type { Run } from "../api/tracking";
import { AnchorButton } from "../kit/Button";
import { Icon } from "../kit/Icon";
import { Empty, FaultView, SkeletonLines } from "../kit/States";
import { bytes } from "../kit/words";
import { ArtifactPreview } from "./ArtifactPreview";
import { addressOf, type Artifact, useArtifacts } from "./artifacts";
import styles from "./RunArtifacts.module.css";

export function RunArtifacts({
  run,
  file,
  onChoose,
}: {
  run: Run;
  file: string | undefined;
  onChoose: (path: string) => void;
}) {
  const root = useArtifacts(run.id, "");
  const [sizes, setSizes] = useState<ReadonlyMap<string, number>>(new Map());
  if (root.error) return <FaultView error={root.error} retry={() => void root.refetch()} />;
  if (!root.data) return <SkeletonLines />;
  if (root.data.length === 0)
    return (
      <Empty icon="folder" title="No artifact">
        <p>Files that a run keeps stand here: models, pictures, tables, reports. Clients log them with log_artifact.</p>
      </Empty>
    );
  const choose = (artifact: Artifact) => {
    setSizes(new Map(sizes).set(artifact.path, artifact.file_size ?? 0));
    onChoose(artifact.path);
  };
  return (
    <div className={styles["artifacts"]}>
      <nav aria-label="Artifacts" className={styles["tree"]}>
        <ul>
          {root.data.map((artifact) => (
            <Entry key={artifact.path} run={run} artifact={artifact} chosen={file} onChoose={choose} />
          ))}
        </ul>
      </nav>
      <section aria-label="Preview" className={styles["preview"]}>
        {file === undefined ? (
          <Empty icon="file" title="Choose a file to look at it" />
        ) : (
          <>
            <header>
              <h2 title={file}>{file}</h2>
              <AnchorButton
                icon="download"
                href={addressOf(run.id, file)}
                download={file.slice(file.lastIndexOf("/") + 1)}
              >
                Download
              </AnchorButton>
            </header>
            <ArtifactPreview key={file} runId={run.id} path={file} size={sizes.get(file)} />
          </>
        )}
      </section>
    </div>
  );
}

function Entry({
  run,
  artifact,
  chosen,
  onChoose,
}: {
  run: Run;
  artifact: Artifact;
  chosen: string | undefined;
  onChoose: (artifact: Artifact) => void;
}) {
  const [open, setOpen] = useState(chosen?.startsWith(`${artifact.path}/`) ?? false);
  const children = useArtifacts(run.id, artifact.path, artifact.is_dir && open);
  const name = artifact.path.slice(artifact.path.lastIndexOf("/") + 1);
  return (
    <li>
      <button
        type="button"
        aria-expanded={artifact.is_dir ? open : undefined}
        aria-current={artifact.path === chosen ? "true" : undefined}
        onClick={() => (artifact.is_dir ? setOpen(!open) : onChoose(artifact))}
      >
        <span className={styles["turn"]}>
          {artifact.is_dir && <Icon name={open ? "chevron" : "right"} size={12} />}
        </span>
        <Icon name={artifact.is_dir ? "folder" : "file"} />
        <span title={name}>{name}</span>
        {!artifact.is_dir && artifact.file_size !== undefined && <small>{bytes(artifact.file_size)}</small>}
      </button>
      {artifact.is_dir && open && (
        <ul>
          {children.error && <li role="alert">{children.error.message}</li>}
          {children.data?.map((child) => (
            <Entry key={child.path} run={run} artifact={child} chosen={chosen} onChoose={onChoose} />
          ))}
        </ul>
      )}
    </li>
  );
}
