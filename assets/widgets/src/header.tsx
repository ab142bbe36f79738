/** The top line: what runs, in which state, how far, and the commands that Python offers now. */
import { memo, useEffect, useRef, useState, type JSX, type MouseEvent, type ReactNode } from "react";
import { Icon, type IconName } from "./icons";
import type { CommandButton, CommandName, Fact, Header as HeaderState, Phase } from "./stream";

interface Look {
  tone: "" | "brand" | "warn" | "ok" | "err";
  solid: boolean;
}

const LOOKS: Readonly<Record<Phase, Look>> = {
  idle: { tone: "", solid: false },
  starting: { tone: "brand", solid: false },
  running: { tone: "brand", solid: true },
  pausing: { tone: "warn", solid: false },
  paused: { tone: "warn", solid: false },
  stopping: { tone: "warn", solid: false },
  finished: { tone: "ok", solid: true },
  stopped: { tone: "", solid: true },
  failed: { tone: "err", solid: true },
  waiting: { tone: "warn", solid: false },
  detached: { tone: "warn", solid: false },
};

interface Props {
  header: HeaderState;
  command: (name: CommandName) => void;
  showKeys: () => void;
  children?: ReactNode; // after the state: other views of the same search
}

export const Header = memo(function Header({ header, command, showKeys, children }: Props): JSX.Element {
  const look = LOOKS[header.phase] ?? LOOKS.idle;
  return (
    <>
      <header className="nx-head">
        <h3 className="nx-title">{header.title}</h3>
        <span className="nx-name mono sm t2" title={header.run}>
          {header.name}
        </span>
        <span className={`chip ${look.tone}`}>
          <span className={look.solid ? "dot" : "dot ring"} />
          {header.word}
        </span>
        {children}
        <span className="grow" />
        <Facts facts={header.facts} />
        <span className="nx-sep" />
        <Commands header={header} command={command} />
        <button type="button" className="btn ghost icon nx-keys" aria-label="Keys" title="Keys (?)" onClick={showKeys}>
          ?
        </button>
      </header>
      <Progress header={header} tone={look.tone} />
    </>
  );
});

/** Numbers beside their names. Each keeps the widest room that it has needed, so its neighbours stay where they are. */
function Facts({ facts }: { facts: Fact[] }): JSX.Element {
  const widest = useRef(new Map<string, string>());
  return (
    <dl className="nx-facts">
      {facts.map(({ label, value }) => {
        const before = widest.current.get(label) ?? "";
        const room = value.length >= before.length ? value : before;
        widest.current.set(label, room);
        return (
          <div key={label}>
            <dt>{label}</dt>
            <dd data-widest={room}>{value}</dd>
          </div>
        );
      })}
    </dl>
  );
}

const PENDING_MS = 4000;

/** The buttons of this state. A pressed one waits for the next state; Python may be busy for a while, and the press is not lost. */
function Commands({ header, command }: Pick<Props, "header" | "command">): JSX.Element {
  const [asked, setAsked] = useState<{ name: CommandName; phase: Phase } | null>(null);
  useEffect(() => {
    if (asked === null) return undefined;
    const timer = setTimeout(() => setAsked(null), PENDING_MS);
    return () => clearTimeout(timer);
  }, [asked]);
  const pending = asked?.phase === header.phase ? asked.name : null;

  const press = (button: CommandButton) => (event: MouseEvent) => {
    // The second press of a double click would land on the button that has just taken this one's place.
    if (!button.enabled || pending !== null || event.detail > 1) return;
    setAsked({ name: button.name, phase: header.phase });
    command(button.name);
  };
  return (
    <span className="row">
      {header.buttons.map((button) => (
        // Not the disabled attribute: a disabled button loses the focus, and the notebook would get the next key.
        <button
          key={button.name}
          type="button"
          className={`btn ${BUTTON_CLASS[button.kind] ?? ""}`}
          aria-disabled={!button.enabled || pending !== null}
          aria-busy={pending === button.name}
          onClick={press(button)}
        >
          <Icon name={COMMAND_ICON[button.name] ?? "right"} />
          {button.label}
        </button>
      ))}
    </span>
  );
}

const BUTTON_CLASS: Readonly<Record<CommandButton["kind"], string>> = { plain: "", primary: "pri", danger: "dan" };

const COMMAND_ICON: Readonly<Record<CommandName, IconName>> = {
  start: "play",
  pause: "pause",
  resume: "play",
  stop: "stop",
  attach: "plug",
  dismiss: "close",
};

function Progress({ header, tone }: { header: HeaderState; tone: Look["tone"] }): JSX.Element {
  const percent = header.progress === null ? null : Math.round(1000 * Math.max(0, Math.min(1, header.progress))) / 10;
  return (
    <div
      className={`prog ${tone}`}
      role="progressbar"
      aria-label="Search progress"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent ?? undefined}
      aria-valuetext={header.progress_text}
    >
      <i style={{ width: `${percent ?? 0}%` }} />
    </div>
  );
}
