import { randomBytes } from 'node:crypto'
import type { DeskRound, OverduePatrols, Posters } from '#shared/patrols/round-schema'
import { encodeReceipt } from '#shared/reports/receipt'
import type { DeskActor } from '#server/db/desk-reports'
import { deskRoundQueries } from '#server/db/patrol-rounds'
import { qrCode } from '../reports/receipt-qr.ts'
import type { Services } from '../services.ts'
import { roundOf } from './own-round.ts'
import { openCheckpoint, openSummary, sealCheckpoint } from './round-secrets.ts'

/** As many codes as a route may have checkpoints. */
const mostCheckpoints = 50

/** What came of a patrol. The reading is logged. @throws AppError not_found */
export async function openRound(services: Services, actor: DeskActor, shift: string): Promise<DeskRound> {
  const row = await deskRoundQueries(services.clients, actor).open(shift)
  return { ...roundOf(row), summary: row.summary_sealed === null ? null : openSummary(services, shift, row.summary_sealed), findings: row.findings }
}

/** Patrols that are not home in time, as far as this person reads them. @throws AppError forbidden */
export async function listOverdue({ clients }: Services, actor: DeskActor): Promise<OverduePatrols> {
  const { patrols } = await deskRoundQueries(clients, actor).overdue()
  return { patrols: patrols.map(({ shift, community, ends_at: endsAt, out, lead_told_at: leadToldAt, station_told_at: stationToldAt }) => ({ shift, community, endsAt, out, leadToldAt, stationToldAt })) }
}

/** The posters of a route: codes are made where there are none, and stay until one is renewed. @param renew a checkpoint whose old code ends @throws AppError forbidden, not_found */
export async function issuePosters(services: Services, actor: DeskActor, route: string, renew?: string): Promise<Posters> {
  const made = Array.from({ length: mostCheckpoints }, () => sealCheckpoint(services, encodeReceipt(randomBytes(15))))
  const issued = await deskRoundQueries(services.clients, actor).issue(route, made, renew)
  return {
    route: issued.route,
    posters: issued.codes.map(({ hash, sealed, issued_at: issuedAt, ...point }) => {
      const address = `${services.settings.publicUrl}/patrols/checkpoints/${openCheckpoint(services, { hash, sealed })}`
      return { ...point, issuedAt, address, qr: qrCode(address) }
    }),
  }
}
