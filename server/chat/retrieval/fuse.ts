/** Reciprocal rank fusion (Cormack, Clarke, Büttcher 2009): lists whose scores cannot be compared are joined by rank alone. `k` as in the paper. */
export function fuse(...lists: readonly (readonly string[])[]): string[] {
  const k = 60
  const scores = new Map<string, number>()
  for (const list of lists) list.forEach((slug, rank) => scores.set(slug, (scores.get(slug) ?? 0) + 1 / (k + rank + 1)))
  return [...scores].sort(([, one], [, other]) => other - one).map(([slug]) => slug)
}
