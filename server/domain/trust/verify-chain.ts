import { sealQueries, type SealPage, type SealReader } from '#server/db/seals'
import type { Services } from '../services.ts'
import type { Actor } from '../accounts/actor.ts'
import { compareBlocks, compareReports, compareRoots, type Compared } from './compare-page.ts'

export interface ChainProgress { id: string, isDone: boolean, blocks: number, rows: number, erased: number, findings: number, found: { kind: string, source: string, row: string | null, at: string | null, block: number | null }[] }

const leavesAtOnce = 1000

const readerOf = (actor?: Pick<Actor, 'userId' | 'sessionId'>): SealReader => actor ? { actor: actor.userId, session: actor.sessionId } : {}

/** Starts a run of the verifier. @param actor auditor or chief at the desk; nobody for the command on the server @throws AppError forbidden */
export async function beginVerifying({ clients }: Services, actor?: Pick<Actor, 'userId' | 'sessionId'>): Promise<{ id: string, blocks: number }> {
  const { id, blocks } = await sealQueries(clients).beginCheck(readerOf(actor))
  return { id, blocks }
}

/**
 * Verifies the next page of a run (RULES A7): blocks with their rows, then reports that were never sealed, then published roots. The last
 * page ends the run, which is logged with what it found.
 * @throws AppError not_found for a run that is over or somebody else's; conflict when another call has compared the same page
 */
export async function verifyPage({ clients, keys }: Services, id: string, actor?: Pick<Actor, 'userId' | 'sessionId'>, leaves = leavesAtOnce): Promise<ChainProgress> {
  const [seals, reader] = [sealQueries(clients), readerOf(actor)]
  const page = await seals.readPage(id, reader, leaves)
  const { rows, erased, found }: Compared = page.phase === 'blocks' ? compareBlocks(keys, page) : page.phase === 'reports' ? compareReports(page) : compareRoots(keys, page)
  const blocks = page.phase === 'blocks' ? page.blocks.length : 0
  const { ok: _, is_done: isDone, ...sums } = await seals.recordPage(id, reader, { at: page.at, cursor: nextCursor(page), blocks, rows: page.phase === 'blocks' ? rows : 0, erased, found })
  return { id, isDone, ...sums }
}

function nextCursor(page: SealPage): { phase: SealPage['phase'], after: string | number | null } | null {
  switch (page.phase) {
    case 'blocks': return page.blocks.length ? { phase: 'blocks', after: page.blocks.at(-1)?.number ?? page.after } : { phase: 'reports', after: null }
    case 'reports': return page.rows.length ? { phase: 'reports', after: page.rows.at(-1)?.row ?? null } : { phase: 'roots', after: null }
    case 'roots': return page.roots.length ? { phase: 'roots', after: page.roots.at(-1)?.day ?? null } : null
  }
}

/** A whole run. @param onPage hears of each page */
export async function verifyChain(services: Services, onPage: (progress: ChainProgress) => void = () => undefined): Promise<ChainProgress> {
  const { id } = await beginVerifying(services)
  for (;;) {
    const progress = await verifyPage(services, id)
    onPage(progress)
    if (progress.isDone) return progress
  }
}
