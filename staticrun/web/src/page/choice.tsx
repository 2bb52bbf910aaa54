// One of several, chosen from a list, with its label.

import type { ComponentChildren } from "preact";

/** Props of `Choice`. */
export interface ChoiceProps<Value extends string> {
  readonly label: ComponentChildren;
  readonly value: string;
  readonly options: readonly Value[];
  /** What options are called where their own word is not enough. */
  readonly names?: Readonly<Record<string, string>>;
  readonly choose: (value: Value) => void;
}

/** A list that drops down. */
export function Choice<Value extends string>({ label, value, options, names = {}, choose }: ChoiceProps<Value>) {
  return (
    <label>
      {label}{" "}
      <select value={value} onChange={(event) => choose(event.currentTarget.value as Value)}>
        {options.map((one) => (
          <option value={one}>
            {Object.hasOwn(names, one) ? names[one] : one}
          </option>
        ))}
      </select>
    </label>
  );
}
