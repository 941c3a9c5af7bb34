import { defineTask } from 'nitropack/runtime'
import { runDueJobs } from '../../domain/jobs/run-jobs.ts'
import { log } from '../../http/log.ts'
import { getServices } from '../../services.ts'

/** Every minute: runs the jobs that are due and logs what each did. Several workers may; the database gives each job to one of them. */
export default defineTask({
  meta: { name: 'jobs:run', description: 'Runs the jobs of server/domain/jobs/registry.ts that are due' },
  async run() {
    const ends = await runDueJobs(await getServices())
    for (const end of ends) {
      if (end.outcome === 'did') log().info({ job: end.name, did: end.did })
      else if (end.outcome === 'failed') log().error({ job: end.name, err: end.error })
    }
    return { result: ends.length }
  },
})
