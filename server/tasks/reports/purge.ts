import { defineTask } from 'nitropack/runtime'
import { purgeExpiredRows } from '../../domain/reports/purge-expired.ts'
import { sweepFiles } from '../../domain/reports/sweep-files.ts'
import { getServices } from '../../services.ts'

const dayMs = 24 * 3600 * 1000
let sweptAt = 0

/**
 * Every ten minutes: removes what lives for hours only, and after a start and then once a day the files that belong to nothing.
 * Several workers may run it at once; each row and each file goes once.
 */
export default defineTask({
  meta: { name: 'reports:purge', description: 'Removes expired drafts, keys, view sessions and limit windows, and files that belong to nothing' },
  async run() {
    const services = await getServices()
    const purged = await purgeExpiredRows(services)
    if (Date.now() - sweptAt < dayMs) return { result: purged }
    const { orphans } = await sweepFiles(services)
    sweptAt = Date.now()
    return { result: { ...purged, orphans } }
  },
})
