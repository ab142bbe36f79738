/** The list of keys that "?" opens over the widget. */
import { useEffect, useRef, type JSX } from "react";
import { Icon } from "./icons";
import { KEY_LIST } from "./keys";

interface Props {
  close: () => void;
  keys?: readonly (readonly [keys: string, does: string])[];
}

export function KeysList({ close, keys = KEY_LIST }: Props): JSX.Element {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => box.current?.focus({ preventScroll: true }), []);
  return (
    <div className="nx-pop" role="dialog" aria-label="Keys" tabIndex={-1} ref={box}>
      <div className="row between">
        <h4>Keys</h4>
        <button type="button" className="btn ghost icon small" aria-label="Close" onClick={close}>
          <Icon name="close" />
        </button>
      </div>
      <dl className="nx-keylist">
        {keys.map(([names, does]) => (
          <div key={names}>
            <dt>
              {names.split(" ").map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}
