/** One finding under the header, with what it means and what the user can do. */
import { memo, useEffect, useId, useState, type JSX, type ReactNode } from "react";
import { Icon, type IconName } from "./icons";
import type { Banner as BannerState, CommandName } from "./stream";

const ICONS: Readonly<Record<BannerState["kind"], IconName>> = { err: "err", warn: "warn", ok: "ok", info: "info", note: "info" };

interface Props {
  banner: BannerState;
  command: (name: CommandName) => void;
  icon?: IconName;
  urgent?: boolean; // read out at once
  children?: ReactNode; // more words, after the text
  extra?: ReactNode; // a button that is not a command
}

export const Banner = memo(function Banner(props: Props): JSX.Element {
  const { banner, command, icon, urgent = banner.kind === "err", children, extra } = props;
  const [open, setOpen] = useState(false);
  const detailsId = useId();
  useEffect(() => setOpen(false), [banner.details]);
  return (
    <>
      <div className={`ban ${banner.kind}`} {...(urgent ? { role: "alert" } : {})}>
        <Icon name={icon ?? ICONS[banner.kind] ?? "info"} tone={`${banner.kind}c`} />
        <div className="grow">
          <b className="b">{banner.bold}</b> {banner.text} {children}
        </div>
        {banner.details !== null && (
          <button type="button" className="btn ghost" aria-expanded={open} aria-controls={detailsId} onClick={() => setOpen(!open)}>
            Details
          </button>
        )}
        {banner.actions.map((action) => (
          <button key={action.name} type="button" className="btn ghost" onClick={() => command(action.name)}>
            {action.label}
          </button>
        ))}
        {extra}
      </div>
      {open && banner.details !== null && (
        <pre id={detailsId} className="det mono" tabIndex={0} aria-label="Details">
          {banner.details}
        </pre>
      )}
    </>
  );
});
