import { expect, it } from 'vitest'
import { runOutbox } from '../bench/outbox-run.ts'

it('a worker that is killed while it sends loses no mail, and doubles no more than were under way', async () => {
  const run = await runOutbox({ mails: 150, kills: 2, limitSeconds: 50 })

  expect(run).toMatchObject({ lost: 0, misjudged: 0, statuses: { sent: 147, dead: 3 } })
  expect(run.duplicates).toBeLessThanOrEqual(run.duplicatesAllowed)
})
