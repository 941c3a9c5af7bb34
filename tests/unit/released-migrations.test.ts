import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'

const folder = 'supabase/migrations'

/** `sha256  file`, as sha256sum writes it: a release adds its migrations, and no line ever changes. */
const released = new Map(readFileSync('supabase/released-migrations.sha256', 'utf8').trim().split('\n').map((line) => {
  const [hash = '', file = ''] = line.split(/\s+/)
  return [file, hash] as const
}))

it('a released migration is never changed: stations have run it', () => {
  const changed = [...released].filter(([file, hash]) => createHash('sha256').update(readFileSync(`${folder}/${file}`)).digest('hex') !== hash).map(([file]) => file)

  expect(changed, 'Fix: put the file back as it was and write a new migration.').toEqual([])
})

it('a new migration comes after all that were released', () => {
  const last = [...released.keys()].sort().at(-1) ?? ''
  const early = readdirSync(folder).filter(file => !released.has(file) && file < last)

  expect(early, 'Fix: give it a later version, or databases that are up to date would run it out of order.').toEqual([])
})
