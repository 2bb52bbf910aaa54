// Push labels apart so that none covers another.

/**
 * Move positions as little as can be, so that neighbours keep a distance.
 *
 * Source: isotonic regression by pooling adjacent violators (Ayer et al., 1955), of the positions
 * less their rank times the gap.
 *
 * @param wanted Where each label would like to stand, in any order.
 * @param low No label stands before this.
 * @param high No label stands behind this, as far as the room suffices.
 * @returns A position for each, in the given order.
 */
export function spread(
  wanted: readonly number[],
  gap: number,
  low: number,
  high: number,
): number[] {
  const order = wanted.map((_, i) => i).sort((a, b) => (wanted[a] ?? 0) - (wanted[b] ?? 0));
  const pools: { mean: number; size: number }[] = [];
  order.forEach((place, rank) => {
    let pool = { mean: (wanted[place] ?? 0) - rank * gap, size: 1 };
    for (let last = pools.at(-1); last && last.mean > pool.mean; last = pools.at(-1)) {
      pools.pop();
      const size = last.size + pool.size;
      pool = { mean: (last.mean * last.size + pool.mean * pool.size) / size, size };
    }
    pools.push(pool);
  });
  const ceiling = high - (order.length - 1) * gap;
  const moved = pools.flatMap(({ mean, size }) =>
    new Array<number>(size).fill(Math.max(Math.min(mean, ceiling), low)),
  );
  const positions = new Array<number>(wanted.length).fill(0);
  order.forEach((place, rank) => {
    positions[place] = (moved[rank] ?? 0) + rank * gap;
  });
  return positions;
}
