import { z } from 'zod'
import { call, type Clients } from './clients.ts'

const hash = z.string().regex(/^[0-9a-f]{64}$/)
const done = z.object({ ok: z.literal(true) })
const day = z.iso.date()
const sources = z.enum(['audit_log', 'reports', 'report_contents', 'report_attachments'])

const leaf = z.object({ source: sources, row: z.string(), version: z.number(), at: z.string(), digest: hash })
/** A sealed row: where it lies, under which list of columns it was read, and the SHA-256 of its canonical text. */
export type Leaf = z.infer<typeof leaf>

const blockFacts = z.object({
  number: z.number(), sealed_at: z.string(), day, previous: hash.nullable(), root: hash, leaves: z.number(), log_until: z.number(), key_id: z.string(), signature: z.string(), hash,
})
export type BlockRow = z.infer<typeof blockFacts>

const rootFacts = z.object({
  day, root: hash, previous: hash.nullable(), first_block: z.number(), last_block: z.number(), published_at: z.string(), key_id: z.string(), signature: z.string(),
})
export type RootRow = z.infer<typeof rootFacts>

const numbered = z.array(z.object({ number: z.number(), hash }))
const finding = z.object({ kind: z.string(), source: z.string(), row: z.string().nullable(), at: z.string().nullable(), block: z.number().nullable() })
/** What the verifier found wrong: which row of which table, and its time. */
export type FoundRow = z.infer<typeof finding>

/** What the functions answer. Made once: zod compiles a schema at its first use. */
const answers = {
  candidates: done.extend({
    now: z.string(), day, number: z.number(), previous: hash.nullable(), log_until: z.number(), has_more: z.boolean(),
    leaves: z.array(leaf.omit({ digest: true }).extend({ report_id: z.uuid().nullable(), text: z.string().nullable(), digest: hash.nullable() })),
  }),
  rootCandidate: done.extend({ now: z.string().optional(), day: day.nullable(), previous: hash.nullable(), blocks: numbered }),
  roots: done.extend({ roots: z.array(rootFacts) }),
  seal: done.extend({ seal: z.object({ position: z.number(), block: blockFacts, leaves: z.array(leaf), root: rootFacts.nullable(), day_blocks: numbered.nullable() }).nullable() }),
  receipt: z.discriminatedUnion('state', [
    done.extend({ state: z.literal('kept'), id: z.uuid(), content_key: z.string(), content_sealed: z.string() }),
    done.extend({ state: z.literal('erased'), at: z.string() }),
    done.extend({ state: z.literal('unknown') }),
  ]),
  begin: done.extend({ id: z.uuid(), blocks: z.number() }),
  page: z.discriminatedUnion('phase', [
    done.extend({
      phase: z.literal('blocks'), at: z.json(), after: z.number(), previous: hash.nullable(), added: z.array(z.object({ row: z.string(), at: z.string() })),
      blocks: z.array(blockFacts.extend({ rows: z.array(leaf.extend({ position: z.number(), now: z.string().nullable(), is_erased: z.boolean() })) })),
    }),
    done.extend({ phase: z.literal('reports'), at: z.json(), rows: z.array(z.object({ row: z.uuid(), at: z.string(), is_sealed: z.boolean() })) }),
    done.extend({ phase: z.literal('roots'), at: z.json(), roots: z.array(rootFacts.extend({ hash, before: hash.nullable(), blocks: z.array(hash) })) }),
  ]),
  record: done.extend({ is_done: z.boolean(), blocks: z.number(), rows: z.number(), erased: z.number(), findings: z.number(), found: z.array(finding) }),
}
export type SealPage = z.infer<typeof answers.page>
export type SealPageOf<Phase extends SealPage['phase']> = Extract<SealPage, { phase: Phase }>
export type FoundSeal = NonNullable<z.infer<typeof answers.seal>['seal']>

/** Who verifies at the desk; nobody for the command on the server. */
export interface SealReader { actor?: string, session?: string }

/** The chain of sealed rows: the server's alone. */
export function sealQueries({ server }: Clients) {
  return {
    candidates: (limit: number) => call(server, 'seal_candidates', { p_limit: limit }, answers.candidates),
    appendBlock: (block: BlockRow, leaves: (Leaf & { report_id: string | null })[]) => call(server, 'append_block', { p: { ...block, leaves } as never }, done),
    rootCandidate: () => call(server, 'root_candidate', undefined as never, answers.rootCandidate),
    appendRoot: (root: RootRow & { hash: string }) => call(server, 'append_root', { p: root as never }, done),
    listRoots: (before?: string) => call(server, 'list_roots', { ...(before && { p_before: before }) }, answers.roots),
    findSeal: (reference: string, contentHash: string) => call(server, 'find_seal', { p_reference: reference, p_content_hash: contentHash }, answers.seal),
    checkReceipt: (p: { reference: string, content_hash: string, nonce: string, limits: unknown[] }) => call(server, 'check_receipt', { p: p as never }, answers.receipt),
    beginCheck: (reader: SealReader) => call(server, 'begin_seal_check', { p: { ...reader } as never }, answers.begin),
    readPage: (id: string, reader: SealReader, leaves: number) => call(server, 'read_seal_page', { p: { id, leaves, ...reader } as never }, answers.page),
    recordPage: (id: string, reader: SealReader, page: { at: SealPage['at'], cursor: { phase: SealPage['phase'], after: string | number | null } | null, blocks: number, rows: number, erased: number, found: FoundRow[] }) =>
      call(server, 'record_seal_page', { p: { id, ...page, ...reader } as never }, answers.record),
  }
}
