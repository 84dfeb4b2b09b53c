//! What a value of a manifest may hold: the one form that Kubernetes' own kinds and pasted definitions are read into.
//! It says what is known, and never that a value is wrong.

/** A value without fields or items. */
export type Plain = "string" | "integer" | "number" | "boolean" | "quantity" | "integer or string" | "time" | "anything";

/** A mapping whose fields are known. Where it is open, it may hold others too. */
export interface ObjectShape {
  readonly is: "object";
  readonly fields: ReadonlyMap<string, Field>;
  readonly isOpen: boolean;
}

/** A list of values, or a mapping with names of a person's choice. */
export interface ManyShape {
  readonly is: "list" | "map";
  readonly of: Shape;
}

export interface PlainShape {
  readonly is: Plain;
}

/** A value. Types refer to each other in circles, so fields and items may be read only when they are asked for. */
export type Shape = ObjectShape | ManyShape | PlainShape;

/** A named value of an object. */
export interface Field {
  readonly name: string;
  /** Its first sentences; empty where nothing is said. */
  readonly doc: string;
  readonly isRequired: boolean;
  /** Values that are known, its items' where it is a list. There may be others. */
  readonly values: readonly string[];
  readonly shape: Shape;
}

/** A kind of object that stands by itself. */
export interface Kind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly doc: string;
  readonly shape: Shape;
}

/** A step into a value: the name of a field, or an item of a list, whichever. */
export type Step = string | typeof ITEM;
export const ITEM = Symbol("item");

/** The shape at the end of a path; null where nothing is known. */
export function follow(shape: Shape, path: readonly Step[]): Shape | null {
  let found: Shape | undefined = shape;
  for (const step of path) {
    if (found?.is === "list") found = step === ITEM ? found.of : undefined;
    else if (found?.is === "map") found = step === ITEM ? undefined : found.of;
    else if (found?.is === "object" && step !== ITEM) found = found.fields.get(step)?.shape;
    else return null;
  }
  return found ?? null;
}

/** The field at the end of a path; null where nothing is known. */
export function fieldAt(shape: Shape, path: readonly Step[]): Field | null {
  const name = path.at(-1);
  const holder = follow(shape, path.slice(0, -1));
  return holder?.is === "object" && typeof name === "string" ? (holder.fields.get(name) ?? null) : null;
}

/** A shape in words, such as `list of objects`. */
export function inWords(shape: Shape): string {
  if (shape.is === "list") return `list of ${plural(shape.of)}`;
  if (shape.is === "map") return `map of ${plural(shape.of)}`;
  return shape.is;
}

function plural(shape: Shape): string {
  switch (shape.is) {
    case "list":
      return `lists of ${plural(shape.of)}`;
    case "map":
      return `maps of ${plural(shape.of)}`;
    case "quantity":
      return "quantities";
    case "integer or string":
      return "integers or strings";
    case "anything":
      return "anything";
    default:
      return `${shape.is}s`;
  }
}
