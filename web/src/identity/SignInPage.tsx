import { useEffect, useState } from "react";
import { Fault } from "../api/client";
import { Button } from "../kit/Button";
import { TextField } from "../kit/Field";
import { signIn } from "./session";
import styles from "./SignInPage.module.css";

export function SignInPage() {
  const [user, setUser] = useState("");
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<Fault>();
  useEffect(() => {
    document.title = "Sign in · Slipway";
  }, []);
  const submit = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await signIn(user, password);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      setFault(error);
      setBusy(false);
    }
  };
  return (
    <main className={styles["page"]}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <img src="/slipway.svg" alt="" width={48} height={48} />
        <h1>Sign in to Slipway</h1>
        <TextField
          label="User name"
          autoComplete="username"
          autoFocus
          required
          value={user}
          onChange={(event) => setUser(event.target.value)}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.target.value)}
        />
        {fault && (
          <p role="alert">{fault.status === 401 ? "There is no user with this name and password." : fault.message}</p>
        )}
        <Button kind="primary" type="submit" disabled={busy || user === "" || password === ""}>
          Sign in
        </Button>
      </form>
    </main>
  );
}
