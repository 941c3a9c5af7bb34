import { z } from 'zod'

const savedSchema = z.array(z.object({ name: z.string(), query: z.record(z.string(), z.string()) })).max(30)
export type SavedFilter = z.infer<typeof savedSchema>[number]
const storageKey = 'linli.desk.filters'

/** Filters an officer gave a name, kept in this browser only. */
export function useSavedFilters() {
  const saved = useState<SavedFilter[]>('desk.saved-filters', () => [])

  onMounted(() => {
    const parsed = savedSchema.safeParse(JSON.parse(localStorage.getItem(storageKey) ?? '[]'))
    if (parsed.success) saved.value = parsed.data
  })

  function write(filters: SavedFilter[]) {
    saved.value = filters
    localStorage.setItem(storageKey, JSON.stringify(filters))
  }

  return {
    saved,
    save: (name: string, query: Record<string, string>) => write([...saved.value.filter(filter => filter.name !== name), { name, query }].slice(-30)),
    remove: (name: string) => write(saved.value.filter(filter => filter.name !== name)),
  }
}
