import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { ask, Fault } from "../api/client";
import type { Experiment } from "../api/tracking";
import { Button } from "../kit/Button";
import { TextField } from "../kit/Field";
import { Dialog } from "../kit/Overlay";
import styles from "./NewExperiment.module.css";

export function NewExperiment({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [fault, setFault] = useState<Fault>();
  const make = async () => {
    try {
      const made = await ask<Experiment>("/api/v1/experiments", { body: { name: name.trim() } });
      void client.invalidateQueries({ queryKey: ["experiments"] });
      onClose();
      void navigate({ to: "/experiments/$experimentId", params: { experimentId: made.id } });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error);
    }
  };
  return (
    <Dialog title="New experiment" onClose={onClose}>
      <form
        className={styles["form"]}
        onSubmit={(event) => {
          event.preventDefault();
          void make();
        }}
      >
        <TextField
          label="Name"
          autoFocus
          required
          maxLength={500}
          value={name}
          hint="Clients name it to log into it."
          error={fault && `${fault.message} ${fault.hint ?? ""}`}
          onChange={(event) => {
            setName(event.target.value);
            setFault(undefined);
          }}
        />
        <footer>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" disabled={name.trim() === ""}>
            Create
          </Button>
        </footer>
      </form>
    </Dialog>
  );
}
