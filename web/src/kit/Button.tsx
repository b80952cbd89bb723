import { createLink } from "@tanstack/react-router";
import { type ComponentProps, forwardRef } from "react";
import { Icon, type IconName } from "./Icon";
import styles from "./Button.module.css";

interface Look {
  kind?: "plain" | "primary" | "danger" | "quiet";
  icon?: IconName;
}

type ButtonProps = ComponentProps<"button"> & Look;

export function Button({ kind = "plain", icon, className, children, ...rest }: ButtonProps) {
  return (
    <button type="button" className={classes(kind, children === undefined, className)} {...rest}>
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
}

/** A button that shows only a sign; its name is what screen readers say and what hovering shows. */
export function IconButton({ label, ...rest }: ButtonProps & { icon: IconName; label: string }) {
  return <Button kind="quiet" aria-label={label} title={label} {...rest} />;
}

const Anchor = forwardRef<HTMLAnchorElement, ComponentProps<"a"> & Look>(function Anchor(
  { kind = "plain", icon, className, children, ...rest },
  ref,
) {
  return (
    <a ref={ref} className={classes(kind, children === undefined, className)} {...rest}>
      {icon && <Icon name={icon} />}
      {children as React.ReactNode}
    </a>
  );
});

/** A place to go to that looks like a button. */
export const LinkButton = createLink(Anchor);
export { Anchor as AnchorButton };

function classes(kind: NonNullable<Look["kind"]>, isSquare: boolean, more?: string) {
  return [styles["button"], styles[kind], isSquare && styles["square"], more].filter(Boolean).join(" ");
}
