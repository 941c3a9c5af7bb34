import type { TransactionSql } from 'postgres'
import { newCertificateNumber, signCertificate } from '../../server/domain/patrols/certificate.ts'
import { sealCertificateFile } from '../../server/domain/patrols/own-certificates.ts'
import type { KeyRing } from '../../server/domain/trust/key-ring.ts'

/** What the demo's station gives for points; the last one is lent for a deposit. */
const rewards = [
  { name: { zh: '强光手电筒', en: 'Bright torch' }, points: 60, deposit: 0, stock: 8 },
  { name: { zh: '保温杯', en: 'Vacuum flask' }, points: 40, deposit: 0, stock: 12 },
  { name: { zh: '反光背心', en: 'High-visibility vest' }, points: 20, deposit: 0, stock: 20 },
  { name: { zh: '对讲机（借用）', en: 'Two-way radio (on loan)' }, points: 0, deposit: 80, stock: 4 },
]

/** Things to order, and a certificate over all hours of the demo's volunteer. */
export async function seedRewards(sql: TransactionSql, keys: KeyRing, { stationId, leadId, volunteerId, holder, issuedAt: at }: { stationId: string, leadId: string, volunteerId: string, holder: string, issuedAt: Date }): Promise<void> {
  for (const { name, ...reward } of rewards) await sql`insert into private.rewards ${sql({ ...reward, name: sql.json(name), station_id: stationId, changed_at: at, changed_by: leadId })}`

  const [hours] = await sql<{ from_on: string, to_on: string, shifts: number, minutes: number, night_minutes: number, station: { zh: string, en: string } }[]>`
    select h.from_on::text, h.to_on::text, h.shifts, h.minutes, h.night_minutes, s.name as station
    from public.volunteers v join public.stations s on s.id = v.station_id cross join lateral private.sum_patrol_hours(v, '-infinity', 'infinity') h where v.id = ${volunteerId}`
  if (!hours?.shifts) throw new Error('the demo\'s volunteer has no hours')
  const [number, issuedAt] = [newCertificateNumber(), at.toISOString()]
  const file = signCertificate(keys, { number, station: hours.station, holder, from: hours.from_on, to: hours.to_on, shifts: hours.shifts, minutes: hours.minutes, nightMinutes: hours.night_minutes, issuedAt })
  await sql`insert into private.certificates ${sql({ number, station_id: stationId, volunteer_id: volunteerId, issued_at: issuedAt, statement: sql.json(file.statement), file_sealed: sealCertificateFile({ keys }, file) })}`
}
