// Rows of a series: logged points, or sums of them in buckets of 2^width steps. A bucket is a range
// of steps and nothing else, so that buckets of one width add up over neighbours and over runs,
// and a number never depends on what is on view.

/** Logged points, by ascending step. */
export interface Points {
  readonly kind: "points";
  readonly step: Float64Array;
  /** May be NaN or infinite. */
  readonly value: Float64Array;
  /** Unix seconds, NaN where unknown; empty where no point has a time. */
  readonly time: Float64Array;
  /** Smallest and largest over the writers; empty where there is one writer. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Points summed up in buckets [i · 2^width, (i + 1) · 2^width); those without a point are left out. */
export interface Buckets {
  readonly kind: "buckets";
  readonly width: number;
  /** i, ascending. */
  readonly at: Float64Array;
  /** Finite points. */
  readonly n: Float64Array;
  readonly sum: Float64Array;
  /** NaN where n is 0. */
  readonly min: Float64Array;
  readonly max: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly nonfinite: Float64Array;
  /** Of the last point with a time; empty where none has one. */
  readonly time: Float64Array;
}

export type Rows = Points | Buckets;

const NONE = new Float64Array(0);

/** Sum points up in buckets, or buckets in wider ones. Rows of that width, or wider, stay. */
export function widen(rows: Rows, width: number): Buckets {
  if (rows.kind === "buckets") return rows.width >= width ? rows : gather(rows, width);
  const { step, value, time } = rows;
  const size = 2 ** width;
  const finite = value.map((one) => (Number.isFinite(one) ? 1 : 0));
  const known = (column: Float64Array): Float64Array =>
    column.length > 0 ? column : value.map((one) => (Number.isFinite(one) ? one : Number.NaN));
  return merge(
    width,
    step.map((one) => Math.floor(one / size)),
    {
      n: finite,
      sum: value.map((one) => (Number.isFinite(one) ? one : 0)),
      min: known(rows.low),
      max: known(rows.high),
      first: value,
      last: value,
      nonfinite: finite.map((one) => 1 - one),
      time,
    },
  );
}

function gather(rows: Buckets, width: number): Buckets {
  const factor = 2 ** (width - rows.width);
  return merge(
    width,
    rows.at.map((one) => Math.floor(one / factor)),
    rows,
  );
}

type Columns = Omit<Buckets, "kind" | "width" | "at">;

/** Merge neighbours that are in one bucket; `at` ascends. */
function merge(width: number, at: Float64Array, given: Columns): Buckets {
  const starts: number[] = [];
  at.forEach((one, i) => {
    if (i === 0 || one !== at[i - 1]) starts.push(i);
  });
  const column = (of: Float64Array, join: (a: number, b: number) => number): Float64Array => {
    if (of.length === 0) return NONE;
    return Float64Array.from(starts, (start, k) => {
      const end = starts[k + 1] ?? at.length;
      let value = of[start] ?? Number.NaN;
      for (let i = start + 1; i < end; i++) value = join(value, of[i] ?? Number.NaN);
      return value;
    });
  };
  const add = (a: number, b: number): number => a + b;
  const later = (a: number, b: number): number => (Number.isNaN(b) ? a : b);
  return {
    kind: "buckets",
    width,
    at: Float64Array.from(starts, (start) => at[start] ?? 0),
    n: column(given.n, add),
    sum: column(given.sum, add),
    min: column(given.min, (a, b) => (a <= b || Number.isNaN(b) ? a : b)),
    max: column(given.max, (a, b) => (a >= b || Number.isNaN(b) ? a : b)),
    first: column(given.first, (a) => a),
    last: column(given.last, (_, b) => b),
    nonfinite: column(given.nonfinite, add),
    time: column(given.time, later),
  };
}

/** Keep rows that reach into a range of steps. */
export function cut(rows: Rows, from: number, to: number): Rows {
  const at = places(rows);
  const size = rows.kind === "points" ? 1 : 2 ** rows.width;
  const start = lowerBound(at, rows.kind === "points" ? from : Math.floor(from / size));
  let end = lowerBound(at, to / size);
  if (at[end] === to / size) end++;
  if (start === 0 && end === at.length) return rows;
  return each(rows, (column) => column.subarray(start, end));
}

/** Where rows stand: steps of points, numbers of buckets. */
export function places(rows: Rows): Float64Array {
  return rows.kind === "points" ? rows.step : rows.at;
}

/** Find the first place whose value is not below another; values ascend. */
export function lowerBound(values: Float64Array, wanted: number): number {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function each(rows: Rows, change: (column: Float64Array, name: string) => Float64Array): Rows {
  const entries = Object.entries(rows).map(([name, value]) => [
    name,
    value instanceof Float64Array && value.length > 0 ? change(value, name) : value,
  ]);
  return Object.fromEntries(entries) as Rows;
}

/** Put parts together that follow each other; undefined for none. */
export function concatenate(parts: readonly Rows[]): Rows | undefined {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first;
  const total = parts.reduce((sum, part) => sum + places(part).length, 0);
  const columns = new Map<string, Float64Array>();
  let at = 0;
  for (const part of parts) {
    each(part, (column, name) => {
      // A part without times stands beside parts that have some.
      const whole = columns.get(name) ?? new Float64Array(total).fill(Number.NaN);
      whole.set(column, at);
      columns.set(name, whole);
      return column;
    });
    at += places(part).length;
  }
  return { ...first, ...Object.fromEntries(columns) };
}
