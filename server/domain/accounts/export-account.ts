import { Readable } from 'node:stream'
import { makeZip } from 'client-zip'
import { fileExtension } from '#shared/reports/attachment'
import { copyQueries, isSignedInRecently } from '#server/db/account-copy'
import type { Limit } from '#server/db/reports'
import type { Services } from '../services.ts'
import { openCertificateFile } from '../patrols/own-certificates.ts'
import { openSummary } from '../patrols/round-secrets.ts'
import { openContact } from '../patrols/volunteer-contact.ts'
import { accessByOwner } from '../reports/access.ts'
import { openCopies } from '../reports/open-attachment.ts'
import { ownerHash } from '../reports/receipt.ts'
import { aboutReport, reportContactSchema } from '../reports/report-content.ts'
import { readTracking } from '../reports/track-report.ts'
import { listDrawnBallots } from '../trust/draw-ballot.ts'
import { openText, unwrapKey } from '../trust/envelope.ts'
import type { Actor } from './actor.ts'

interface Entry { name: string, input: string | AsyncIterable<Uint8Array>, lastModified: Date }

/** Is the session younger than ten minutes, as export and erasure ask? */
export const isFresh = ({ clients }: Services, actor: Actor): Promise<boolean> => isSignedInRecently(clients, actor)

/**
 * Everything the station keeps about an account, as a zip that is made while it is sent: nothing is written to disk, and of files no
 * more than a piece is in memory. Anonymous reports are not in it: nobody knows whose they are.
 * @throws AppError sign_in_again (the session is older than ten minutes), rate_limited
 */
export async function exportAccount(services: Services, actor: Actor, limits: Limit[]): Promise<Readable> {
  const owner = { userId: actor.userId, sessionId: actor.sessionId, ownerHash: ownerHash(services.keys, actor.userId) }
  const queries = copyQueries(services.clients, owner)
  const { ok: _ok, now, volunteer, ...kept } = await queries.account(limits)
  const ballotsDrawn = await listDrawnBallots(services, actor)
  const lastModified = new Date(now)

  async function* entries(): AsyncGenerator<Entry> {
    yield { name: 'account.json', input: asText({ madeAt: now, ...kept, ballotsDrawn, volunteer: volunteer && withContact(volunteer) }), lastModified }
    for (const reference of kept.reports) yield* entriesOf(reference)
  }

  const withContact = ({ contact_sealed: sealed, patrol_reports: reports, certificates, ...rest }: NonNullable<typeof volunteer>) => ({
    ...rest, contact: sealed === null ? null : openContact(services, actor.userId, sealed),
    patrolReports: reports.map(({ summary_sealed: summary, ...report }) => ({ ...report, summary: summary === null ? null : openSummary(services, report.shift, summary) })),
    certificates: certificates.map(({ file_sealed: file, ...certificate }) => ({ ...certificate, file: file === null ? null : openCertificateFile(services, certificate.number, file) })),
  })

  async function* entriesOf(reference: string): AsyncGenerator<Entry> {
    const row = await queries.report(reference)
    const { now: _now, clock: _clock, ...report } = readTracking(services, row)
    const contactKey = row.contact_key ? unwrapKey(services.keys.masterKeys, row.contact_key, aboutReport(row.report.id, 'contact')) : undefined
    const contact = contactKey && row.contact_sealed ? reportContactSchema.parse(JSON.parse(openText(contactKey, row.contact_sealed, aboutReport(row.report.id, 'contact')))) : null
    const mailsGoTo = row.notify_sealed ? openText(services.keys.secret('outbox').key, row.notify_sealed, aboutReport(row.report.id, 'notify')) : null
    const facts = { channel: row.channel, visibility: row.visibility, occurredAt: row.occurred_at, isPortalOnly: row.is_portal_only, nonce: row.report.nonce }
    yield { name: `reports/${reference}/report.json`, input: asText({ ...report, ...facts, contact, mailsGoTo, mails: row.mails }), lastModified: new Date(row.report.updated_at) }
    for (const { id, at } of row.attachments) {
      for (const { bytes, mediaType, isView } of await openCopies(services, reference, accessByOwner(services, actor), id)) {
        yield { name: `reports/${reference}/files/${id}${isView ? '-view' : ''}.${fileExtension(mediaType)}`, input: bytes, lastModified: new Date(at) }
      }
    }
  }

  const zip = makeZip(entries()).getReader()
  return Readable.from(piecesOf(zip), { objectMode: false })
}

/** Whoever leaves in the middle closes the file that is being read. */
async function* piecesOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  }
  finally {
    await reader.cancel()
  }
}

const asText = (value: unknown) => `${JSON.stringify(value, null, 2)}\n`
