// Issue 3, "It shows" 1: cases climb the whole ladder of a demo station while `npm run jobs -- --now …` moves its clock.
import { execFile } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { z } from 'zod'
import { revisitListSchema, type RevisitView } from '#shared/revisits/revisit-schema'
import { caller } from '../desk-caller.ts'
import { noonAfter, openLadder, type LadderCase, type Visitor } from '../ladder.ts'
import { startPortal, type Portal } from '../portal.ts'

const root = join(import.meta.dirname, '../..')
let portal: Portal
let ladder: Awaited<ReturnType<typeof openLadder>>

beforeAll(async () => {
  portal = await startPortal({ env: { TRUST_PROXY: '1' } })
  ladder = await openLadder(portal.url)
  const before = await ladder.accepted()
  await runJobs(before, 30)
  await vi.waitUntil(async () => (await mailsTo('lead')).length, { timeout: 20_000, interval: 200 })
})
afterAll(() => portal?.stop())

/** `npm run jobs -- --now …`, so many days later; what it said the ladder did. */
async function runJobs(one: LadderCase, days: number) {
  const now = noonAfter((await ladder.tracked(one)).now, days)
  const { stdout } = await promisify(execFile)('node', ['scripts/bootstrap.mjs', 'jobs', '--now', now], { cwd: root, env: { PATH: process.env.PATH, LINLI_DATA_DIR: portal.dataDir } })
  // Whoever works at the desk signs in again on another day.
  ladder = await openLadder(portal.url)
  return Object.fromEntries([...stdout.matchAll(/^(revisits:\S+)\s+(.*)$/gm)].map(([, name, said]) => [name, said]))
}

const openers = { officer: 'officer', lead: 'lead', chief: 'chief' } as const
async function worklist(who: Visitor, waiting: RevisitView, { reference }: LadderCase) {
  const desk = await caller(portal.url, openers[who])
  const found = []
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: z.infer<typeof revisitListSchema> = revisitListSchema.parse((await desk.call('GET', `desk/revisits?waiting=${waiting}&limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`)).body)
    found.push(...page.revisits)
    cursor = page.nextCursor
  }
  return found.find(row => row.reference === reference)
}
async function say(one: LadderCase, answer: string) {
  const { id } = await ladder.lastStep(one)
  const sent = await fetch(`${portal.url}/api/reports/${one.reference}/revisits/${id}/answer`, { method: 'POST', headers: { 'content-type': 'application/json', 'x-receipt': one.receipt }, body: JSON.stringify({ answer }) })
  return sent.status
}
const mailsSchema = z.object({ mails: z.array(z.object({ to: z.string(), body: z.string() })) })
const mails = async () => mailsSchema.parse((await (await caller(portal.url)).call('GET', 'desk/mailbox')).body).mails
const mailsTo = async (who: Visitor) => (await mails()).filter(({ to }) => to === `${who}@demo.linli`)
/** Whom a mail told of this case. */
const toldOf = async ({ reference }: LadderCase) => (await mails()).filter(({ body }) => body.includes(reference)).map(({ to }) => to).sort()

it('a case climbs from the officer to the lead to the chief to the chief again and ends as unresolved; each late visit is told to the level above', async () => {
  const amina = await ladder.accepted()
  expect(await worklist('officer', 'mine', amina)).toMatchObject({ level: 'officer', isOverdue: false })
  expect(await worklist('lead', 'climbed', amina)).toBeUndefined()

  const said = await runJobs(amina, 4)
  expect(said['revisits:advance']).toMatch(/informed [1-9]/)
  expect(said['revisits:calendar']).toMatch(/^days \d+, yearsWithoutHolidays \d$/)
  await expect.poll(() => toldOf(amina)).toEqual(['lead@demo.linli'])
  expect(await worklist('officer', 'mine', amina)).toMatchObject({ isOverdue: true, informedAt: expect.any(String) })
  expect(await worklist('lead', 'climbed', amina), 'late below, so it stands at the lead\'s').toMatchObject({ level: 'officer' })

  await ladder.visit(amina, 'officer')
  expect(await say(amina, 'unresolved'), 'that is for the chief\'s step alone').toBe(403)
  expect(await say(amina, 'unsatisfied')).toBe(200)
  await expect(ladder.visit(amina, 'officer'), 'nobody visits above their own level').rejects.toThrow('403')
  expect(await worklist('lead', 'climbed', amina)).toMatchObject({ level: 'lead', mayVisit: true })

  await runJobs(amina, 4)
  expect(await worklist('chief', 'climbed', amina), 'the lead is late').toMatchObject({ level: 'lead', isOverdue: true })
  await ladder.visit(amina, 'lead')
  expect(await say(amina, 'unsatisfied')).toBe(200)
  for (let times = 0; times < 2; times++) {
    await runJobs(amina, 4)
    await ladder.visit(amina, 'chief')
    expect(await say(amina, times === 0 ? 'unsatisfied' : 'unresolved')).toBe(200)
  }

  const { revisits } = await ladder.tracked(amina)
  expect(revisits.map(({ level, answer, isLate }) => [level, answer, isLate])).toEqual([
    ['officer', 'unsatisfied', true], ['lead', 'unsatisfied', true], ['chief', 'unsatisfied', true], ['chief', 'unresolved', true],
  ])
  expect([...new Set(await toldOf(amina))]).toEqual(['auditor@demo.linli', 'chief@demo.linli', 'lead@demo.linli'])
  expect(await worklist('chief', 'team', amina)).toBeUndefined()
}, 180_000)

it('silence is reminded, then counted as "no reply", and the case opens again when the resident answers after all', async () => {
  const bo = await ladder.accepted()
  await ladder.visit(bo, 'officer')
  expect(await worklist('officer', 'answer', bo)).toMatchObject({ remindedAt: null })

  expect((await runJobs(bo, 4))['revisits:advance']).toMatch(/reminded [1-9]/)
  expect(await worklist('officer', 'answer', bo)).toMatchObject({ remindedAt: expect.any(String) })
  expect((await runJobs(bo, 5))['revisits:advance']).toMatch(/silent [1-9]/)
  expect(await worklist('officer', 'silent', bo)).toMatchObject({ noReplyAt: expect.any(String) })

  await runJobs(bo, 60)
  expect(await say(bo, 'unsatisfied')).toBe(200)
  expect(await worklist('lead', 'climbed', bo)).toMatchObject({ level: 'lead', isOverdue: false })
}, 120_000)

it('in a folder that was copied or restored from a running station nothing is done to that station', async () => {
  const copy = mkdtempSync(join(tmpdir(), 'linli-copy-'))
  try {
    copyFileSync(join(portal.dataDir, 'keys.json'), join(copy, 'keys.json'))
    const failed = await promisify(execFile)('node', ['scripts/bootstrap.mjs', 'jobs'], { cwd: root, env: { PATH: process.env.PATH, LINLI_DATA_DIR: copy } }).catch((error: unknown) => error)
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(`The station in ${copy} does not run; start it with npm start.`) })
  }
  finally {
    rmSync(copy, { recursive: true, force: true })
  }
})
