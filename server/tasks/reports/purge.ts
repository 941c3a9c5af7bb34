import { defineTask } from 'nitropack/runtime'
import { purgeExpiredRows } from '../../domain/reports/purge-expired.ts'
import { getServices } from '../../services.ts'

/** Every ten minutes: removes what lives for hours only. Several workers may run it at once; each row goes once. */
export default defineTask({
  meta: { name: 'reports:purge', description: 'Removes expired drafts, keys, view sessions and limit windows' },
  run: async () => ({ result: await purgeExpiredRows(await getServices()) }),
})
