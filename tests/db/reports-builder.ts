import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Person, World } from './world.ts'

/** A keyed hash as the portal makes them; the key does not matter here. */
export const aHash = (of: string = randomUUID()) => `receipt-1:${createHash('sha256').update(of).digest('hex')}`
/** Stands for ciphertext: the database only sees the form. */
export const sealed = (text: string) => `v1.${Buffer.from(text).toString('base64url')}`
export const hex64 = () => randomBytes(32).toString('hex')

export type Submission = Record<string, unknown>
export type Filed = { id: string, reference: string, receiptHash: string, access: { receipt_hash: string } }

/** What the portal sends for a report of a guest in Ping'an; change what the test is about. */
export function aSubmission(world: World, changes: Submission = {}): Submission {
  return {
    id: randomUUID(), station: world.station.home, community: world.community.pingAn, grid: world.grid.pingAn, category: 'test_theft', channel: 'web', locale: 'zh',
    contact_mode: 'anonymous', receipt_hash: aHash(), key_hash: aHash(), body_hash: aHash(), limits: [], challenge: { id: randomUUID(), expires_at: '2099-01-01T00:00:00Z' },
    content_sealed: sealed('what happened'), content_key: sealed('content key'), content_hash: hex64(), nonce: hex64(), ...changes,
  }
}

export function anAttachment(changes: Submission = {}): Submission {
  return { id: randomUUID(), media_type: 'image/jpeg', size_bytes: 1000, sha256: hex64(), view_blob: randomUUID(), view_media_type: 'image/webp', key_sealed: sealed('file key'), ...changes }
}

const answer = z.looseObject({ ok: z.boolean(), code: z.string().optional() })
export type Answer = z.infer<typeof answer> & Record<string, unknown>

type Called = PromiseLike<{ data: unknown, error: { code: string, message: string } | null, status: number }>

/** The jsonb answer of a function. @throws when the call itself failed */
export async function answerOf(call: Called): Promise<Answer> {
  const { data, error, status } = await call
  if (error) throw new Error(`${status} ${error.code} ${error.message}`)
  return answer.parse(data)
}

/** Status and code of a call that must fail. */
export async function failureOf(call: Called): Promise<{ status: number, code: string }> {
  const { error, status, data } = await call
  if (!error) throw new Error(`no error, but ${JSON.stringify(data)}`)
  return { status, code: error.code }
}

const filed = z.object({ ok: z.literal(true), is_replay: z.boolean(), report: z.looseObject({ id: z.uuid(), reference: z.string() }) })

/** Files a report through submit_report. */
export async function aReport(world: World, changes: Submission = {}): Promise<Filed> {
  const submission = aSubmission(world, changes)
  const { report } = filed.parse(await answerOf(world.server.rpc('submit_report', { p: submission })))
  const receiptHash = String(submission.receipt_hash)
  return { id: report.id, reference: report.reference, receiptHash, access: { receipt_hash: receiptHash } }
}

/** A report with an account behind it. */
export async function aNamedReport(world: World, owner: Person, changes: Submission = {}): Promise<Filed> {
  return aReport(world, { contact_mode: 'named', ...await world.actor(owner), ...changes })
}

/** A call of the desk that carries ciphertext: the server's, with the person named. */
export async function deskCall(world: World, person: Person, name: string, p: Submission): Promise<Answer> {
  return answerOf(world.server.rpc(name, { p: { ...p, ...await world.actor(person) } }))
}

/** Moves a report on as its officer would. */
export async function moveReport(world: World, person: Person, report: Filed, from: string, to: string, changes: Submission = {}): Promise<Answer> {
  return deskCall(world, person, 'change_report_status', { reference: report.reference, status: to, from_status: from, public_sealed: sealed('sentence'), ...changes })
}
