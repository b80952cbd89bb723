import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ask, Fault } from "../api/client";
import type { Run } from "../api/tracking";
import { Button } from "../kit/Button";
import { Select, TextField } from "../kit/Field";
import { FormDialog } from "../kit/FormDialog";
import { useArtifacts } from "../tracking/artifacts";
import { type ModelVersion, registryPath, useRegistryChange } from "./registry";

/** On the page of a run: takes what it made into the registry, as a new version of a model. */
export function RegisterAction({ run }: { run: Run }) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button icon="model" onClick={() => setAsking(true)}>
        Register a model
      </Button>
      {asking && <RegisterDialog run={run} onClose={() => setAsking(false)} />}
    </>
  );
}

function RegisterDialog({ run, onClose }: { run: Run; onClose: () => void }) {
  const navigate = useNavigate();
  const change = useRegistryChange();
  const artifacts = useArtifacts(run.id, "");
  const folders = (artifacts.data ?? []).filter((artifact) => artifact.is_dir).map((artifact) => artifact.path);
  const made = run.model_outputs.map((output) => output.model_id);
  const [name, setName] = useState("");
  const [chosen, setChosen] = useState<string>();
  const what = chosen ?? made[0] ?? folders.find((folder) => folder === "model") ?? folders[0] ?? "";
  const register = async () => {
    const model = name.trim();
    await ask(`${registryPath}/registered-models/create`, { body: { name: model } }).catch((error: unknown) => {
      if (!(error instanceof Fault && error.code === "RESOURCE_ALREADY_EXISTS")) throw error;
    });
    const isLogged = made.includes(what);
    const { model_version } = (await change("model-versions/create", "POST", {
      name: model,
      source: isLogged ? `models:/${what}` : `${run.artifact_uri}/${what}`,
      run_id: run.id,
      ...(isLogged ? { model_id: what } : {}),
    })) as { model_version: ModelVersion };
    void navigate({
      to: "/models/$name/versions/$version",
      params: { name: model, version: model_version.version },
      search: {},
    });
  };
  return (
    <FormDialog
      title="Register a model"
      action="Register"
      disabled={name.trim() === "" || what === ""}
      onSubmit={register}
      onClose={onClose}
    >
      <TextField
        label="Model"
        hint="A name of yours: a new one makes a model, one that there is gets a new version."
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      {what === "" && artifacts.isSuccess ? (
        <p>This run has no model and no folder of artifacts that could be one.</p>
      ) : (
        <Select
          label="What"
          options={[
            ...made.map((id) => ({ value: id, label: `Model ${id}` })),
            ...folders.map((path) => ({ value: path, label: `Folder ${path}` })),
          ]}
          value={what}
          onChange={setChosen}
        />
      )}
    </FormDialog>
  );
}
