import { randomBytes, randomUUID } from 'node:crypto'
import { encodeReceipt } from '#shared/reports/receipt'
import { newDataKey, sealText } from '../../server/domain/trust/envelope.ts'
import type { KeyRing } from '../../server/domain/trust/key-ring.ts'
import { contentHash } from '../../server/domain/trust/statement.ts'
import { type ReportContact, type ReportContent, aboutReport } from '../../server/domain/reports/report-content.ts'
import type { AttachmentRow } from '../../server/db/reports.ts'
import { ownerHash, receiptHash } from '../../server/domain/reports/receipt.ts'
import { attachmentRow, type DraftFile } from '../../server/domain/reports/submit-report.ts'
import type { DemoPeople } from './people.ts'
import type { DemoPlaces } from './places.ts'
import { tellLadder, type RevisitRow, type SuggestionRow } from './tell-revisits.ts'
import type { Contact, StaffKey, Step, Story } from './story.ts'

export type Category = { code: string, visibility: 'public' | 'private', urgency: 'normal' | 'urgent', is_about_police: boolean }

export type StoryWorld = {
  now: Date
  keys: KeyRing
  people: DemoPeople
  places: DemoPlaces
  categories: ReadonlyMap<string, Category>
  /** Sentences of the response templates by slug. */
  sentences: ReadonlyMap<string, { zh: string, en: string }>
  /** A sender who is banned and whose account is gone. */
  bannedId: string
  /** The pictures of the stories, already in the blob store. */
  photos: ReadonlyMap<string, DraftFile>
}

/** Rows as the portal and the desk would have left them, in order of time within each list. */
export type Told = {
  report: ReturnType<typeof reportRow>
  events: ReturnType<typeof eventRow>[]
  messages: { id: string, report_id: string, at: Date, author: 'reporter' | 'staff', author_id: string | null, text_sealed: string, read_at: Date | null }[]
  notes: { report_id: string, at: Date, author_id: string, text_sealed: string }[]
  log: { at: Date, station_id: string, actor_id: string | null, actor_role: string, action: string, noun: string, noun_id: string, details: Record<string, string | number | boolean | null> }[]
  mails: { at: Date, template: string, noun_id: string, recipient_sealed: string, locale: 'zh' | 'en' }[]
  followers: { report_id: string, at: Date, receipt_hash: string }[]
  attachments: (AttachmentRow & { report_id: string, at: Date, author: 'reporter' })[]
  revisits: RevisitRow[]
  suggestions: SuggestionRow[]
  mergesInto?: string
}

/** What a visit of the usual kind leaves in its record. */
const usualWords = { zh: '已向反映人说明办理情况。', en: 'Told the reporter how the case stands and what was done.' }

const officerOf: Record<string, StaffKey> = { 'ping-an': 'officer', 'chang-le': 'officer2', 'he-xie': 'officer3' }
const minutes = (at: Date, count: number) => new Date(at.getTime() + count * 60_000)

/** When a story's report arrived. The station keeps Shanghai time, which has no summer time. */
export function arrivalOf({ arrived }: Pick<Story, 'arrived'>, now: Date): Date {
  if ('minutesAgo' in arrived) return minutes(now, -arrived.minutesAgo)
  const day = new Date(now.getTime() + 8 * 3_600_000 - arrived.daysAgo * 86_400_000).toISOString().slice(0, 10)
  return new Date(`${day}T${arrived.time}:00+08:00`)
}

/** Turns a story into rows, sealed with the same envelope as the portal's. @throws Error when a step lies in the future or breaks the order of states */
export function tellStory(story: Story, world: StoryWorld): Told {
  const { keys, people, places } = world
  const locale = story.locale ?? 'zh'
  const category = world.categories.get(story.category)
  const grid = story.grid ? places.grids.get(story.grid) : undefined
  if (!category || (story.grid && !grid)) throw new Error(`a demo story names ${story.category} in ${story.grid}, which the station does not have`)
  const id = randomUUID()
  const receivedAt = arrivalOf(story, world.now)
  const contentKey = newDataKey(keys.masterKeys, aboutReport(id, 'content'))
  const seal = (text: string, part: 'content' | 'sentence' | 'message' | 'note' | 'revisit') => sealText(contentKey.key, text, aboutReport(id, part))
  const sender = senderOf(story.contact, id, world)
  const reporterRole = sender.accountId ? 'resident' : 'guest'
  const aboutStaff = story.about ? [people.staff[story.about].id] : []
  const content: ReportContent = {
    description: story.description,
    ...story.address && { address: story.address },
    // A few steps from the grid's middle: the resident's own pin.
    ...category.visibility === 'public' && grid && { location: { lat: round(grid.lat + 0.00018), lng: round(grid.lng - 0.00023) } },
    answers: { ...story.answers, ...aboutStaff[0] && { officer: aboutStaff[0] } },
  }
  const report = reportRow({ story, id, receivedAt, locale, category, grid, aboutStaff, sender, stationId: places.stationId, content, contentKey: contentKey.wrapped, contentSealed: seal(JSON.stringify(content), 'content'), keys })
  const told: Told = { report, events: [], messages: [], notes: [], log: [], mails: [], followers: [], attachments: [], revisits: [], suggestions: [] }

  const log = (at: Date, actor: { id: string, role: string } | undefined, action: string, details: Record<string, string | number | boolean | null> = {}) =>
    told.log.push({ at, station_id: places.stationId, actor_id: actor?.id ?? null, actor_role: actor?.role ?? reporterRole, action, noun: 'reports', noun_id: id, details })
  const mail = (at: Date, template: string) => {
    if (sender.notifySealed) told.mails.push({ at, template, noun_id: id, recipient_sealed: sender.notifySealed, locale })
  }

  const ladder = tellLadder({
    reportId: id, isNamed: sender.mode === 'named', seal: text => seal(text, 'revisit'), mail,
    event: (at, kind, by) => told.events.push(eventRow(id, at, kind, { role: by.role, actor: by.id })),
    log: (at, by, action, details) => told.log.push({ at, station_id: places.stationId, actor_id: by.id ?? null, actor_role: by.role, action, noun: 'reports', noun_id: id, details }),
  })

  told.events.push(eventRow(id, receivedAt, 'received', { status: 'received', role: reporterRole }))
  log(receivedAt, undefined, 'report.submitted', { channel: report.channel, category: category.code })
  mail(receivedAt, 'reports.received')
  for (let i = 0; i < (story.followers ?? 0); i++) {
    told.followers.push({ report_id: id, at: minutes(receivedAt, 60 * 30 + 95 * i), receipt_hash: receiptHash(keys, encodeReceipt(randomBytes(15))) })
  }

  const photo = story.photo && world.photos.get(story.photo)
  if (photo) told.attachments.push({ ...attachmentRow(photo, id, contentKey.key), report_id: id, at: receivedAt, author: 'reporter' })

  const openedAt = new Map<string, Date>()
  for (const step of story.steps ?? []) take(step)
  if (!story.isVisitOwed) ladder.goTheUsualWay(people.staff[officerOf[grid?.slug ?? ''] ?? 'lead'], world.now, usualWords[locale], story.description.length)
  return Object.assign(told, { revisits: ladder.revisits, suggestions: ladder.suggestions })

  /** Staff open a report before they act on it; the log has one opening per sitting of two hours. */
  function open(at: Date, staff: { id: string, role: string }) {
    const last = openedAt.get(staff.id)
    if (last && at.getTime() - last.getTime() < 2 * 3_600_000) return
    const openingAt = new Date(Math.max(minutes(at, -2).getTime(), minutes(receivedAt, 1).getTime()))
    openedAt.set(staff.id, openingAt)
    log(openingAt, staff, 'report.opened', { purpose: report.status === 'received' ? 'triage' : 'handling' })
    report.first_viewed_at ??= openingAt
    for (const message of told.messages) if (message.author === 'reporter') message.read_at ??= openingAt
  }

  function take([hours, act, words, by]: Step) {
    const at = minutes(receivedAt, hours * 60)
    if (at > world.now) throw new Error(`${story.category} in ${story.grid}: "${act}" lies in the future`)
    const staff = people.staff[by ?? officerOf[grid?.slug ?? ''] ?? 'lead']
    const text = words?.startsWith('@') ? world.sentences.get(words.slice(1))?.[locale] : words
    if (words && (!text || /【|\[/.test(text))) throw new Error(`"${words}" is no finished sentence`)
    if (act === 'remind' || act === 'silent') return act === 'remind' ? ladder.remind(at) : ladder.silent(at)
    if (act === 'reply' || act === 'withdraw' || act.startsWith('answer:')) {
      for (const message of told.messages) if (message.author === 'staff') message.read_at ??= at
    }
    else open(at, staff)

    if (act !== 'open') report.updated_at = at
    switch (act) {
      case 'open': break
      case 'triaged': case 'in_progress': case 'resolved': setStatus(at, staff, act, undefined, text); break
      case 'closed:no_further_action': case 'closed:referred': case 'closed:unfounded': case 'closed:spam': setStatus(at, staff, 'closed', act.slice('closed:'.length), text); break
      case 'message': case 'reply': write(at, act === 'reply' ? undefined : staff, text ?? ''); break
      case 'note':
        told.notes.push({ report_id: id, at, author_id: staff.id, text_sealed: seal(text ?? '', 'note') })
        log(at, staff, 'report.noted')
        break
      case 'summary':
        report.summary = text ?? null
        log(at, staff, 'report.summarised')
        break
      case 'assign': {
        const target = words === 'officer' || words === 'officer2' || words === 'officer3' || words === 'lead' ? people.staff[words] : staff
        log(at, staff, 'report.assigned', { from: report.assigned_to, to: target.id })
        told.events.push(eventRow(id, at, 'assigned', { role: staff.role, actor: staff.id, isPublic: false }))
        report.assigned_to = target.id
        report.version++
        break
      }
      case 'release':
        Object.assign(report, { is_hidden: false, is_unverified: false })
        told.events.push(eventRow(id, at, 'released', { role: staff.role, actor: staff.id, isPublic: false }))
        log(at, staff, 'report.released')
        break
      case 'merge':
        told.mergesInto = words
        close(at, 'duplicate')
        told.events.push(eventRow(id, at, 'merged', { status: 'closed', reason: 'duplicate', role: staff.role, actor: staff.id }))
        log(at, staff, 'report.merged')
        mail(at, 'reports.status_changed')
        break
      case 'visit': ladder.visit(at, staff, text ?? ''); break
      case 'visit:satisfied': case 'visit:unsatisfied': ladder.visit(at, staff, text ?? '', act === 'visit:satisfied' ? 'satisfied' : 'unsatisfied'); break
      case 'answer:satisfied': ladder.answer(at, 'satisfied', text); break
      case 'answer:unsatisfied': ladder.answer(at, 'unsatisfied', text); break
      case 'answer:unresolved': ladder.answer(at, 'unresolved', text); break
      case 'suggest': ladder.suggest(at, staff, text ?? ''); break
      case 'outcome': ladder.settle(at, staff, text ?? ''); break
      case 'withdraw':
        close(at, 'withdrawn')
        ladder.stop(at)
        told.events.push(eventRow(id, at, 'withdrawn', { status: 'closed', reason: 'withdrawn', role: 'resident' }))
        log(at, undefined, 'report.withdrawn')
        break
    }
  }

  function close(at: Date, reason: string) {
    Object.assign(report, { status: 'closed', closed_reason: reason, closed_at: at, version: report.version + 1 })
  }

  function setStatus(at: Date, staff: { id: string, role: string }, to: 'triaged' | 'in_progress' | 'resolved' | 'closed', reason: string | undefined, text: string | undefined) {
    if (!text) throw new Error(`${story.category} in ${story.grid}: every change carries a public sentence`)
    log(at, staff, 'report.status_changed', { from: report.status, to, closed_reason: reason ?? null })
    if (to !== 'closed') report.accepted_at ??= at
    if (to !== 'closed' && !ladder.revisits.length) ladder.open(at)
    if (reason === 'spam') ladder.stop(at)
    Object.assign(report, { status: to, closed_reason: reason ?? null, closed_at: to === 'closed' || to === 'resolved' ? at : null, version: report.version + 1 })
    told.events.push(eventRow(id, at, 'status', { status: to, reason, role: staff.role, actor: staff.id, sealed: seal(text, 'sentence') }))
    mail(at, 'reports.status_changed')
  }

  function write(at: Date, staff: { id: string, role: string } | undefined, text: string) {
    told.messages.push({ id: randomUUID(), report_id: id, at, author: staff ? 'staff' : 'reporter', author_id: staff?.id ?? null, text_sealed: seal(text, 'message'), read_at: null })
    told.events.push(eventRow(id, at, 'message', { role: staff?.role ?? 'resident', actor: staff?.id, isPublic: false }))
    log(at, staff ?? undefined, staff ? 'report.message_sent' : 'report.message_received')
    if (staff) mail(at, 'reports.message_received')
  }
}

/** Who wrote, as far as the row may know (RULES B1). */
function senderOf(contact: Contact, id: string, { keys, people, bannedId }: StoryWorld) {
  if (contact.mode === 'anonymous') return { mode: contact.mode, accountId: null, ownerId: null, ownerHash: null, sealed: null, wrapped: null, notifySealed: null }
  const account = contact.account && contact.account !== 'banned' ? people.residents[contact.account] : undefined
  const accountId = account?.id ?? (contact.account === 'banned' ? bannedId : null)
  const { mode, account: _, ...given } = contact
  const details: ReportContact = { ...given, ...account && { accountEmail: account.email } }
  const key = newDataKey(keys.masterKeys, aboutReport(id, 'contact'))
  const notifyTo = details.email ?? details.accountEmail
  const outbox = keys.secret('outbox')
  return {
    mode, accountId,
    ownerId: mode === 'named' ? accountId : null,
    ownerHash: mode === 'sealed' && accountId ? ownerHash(keys, accountId) : null,
    sealed: sealText(key.key, JSON.stringify(details), aboutReport(id, 'contact')), wrapped: key.wrapped,
    notifySealed: notifyTo ? sealText(outbox.key, notifyTo, aboutReport(id, 'notify'), outbox.id) : null,
  }
}

function reportRow({ story, id, receivedAt, locale, category, grid, aboutStaff, sender, stationId, content, contentKey, contentSealed, keys }: {
  story: Story, id: string, receivedAt: Date, locale: 'zh' | 'en', category: Category, grid: { id: string, communityId: string } | undefined, aboutStaff: string[],
  sender: ReturnType<typeof senderOf>, stationId: string, content: ReportContent, contentKey: string, contentSealed: string, keys: KeyRing
}) {
  const nonce = randomBytes(32).toString('hex')
  const code = encodeReceipt(randomBytes(15))
  const at = (value: Date | null): Date | null => value
  const text = (value: string | null): string | null => value
  return {
    id, station_id: stationId, community_id: grid?.communityId ?? null, grid_id: grid?.id ?? null,
    reference: story.known?.reference ?? `LL-${code.slice(0, 4)}-${code.slice(4, 8)}`, category_code: category.code, visibility: category.visibility,
    urgency: story.emergency ? 'urgent' : category.urgency, is_about_police: category.is_about_police, about_staff: aboutStaff,
    status: 'received', closed_reason: text(null), version: 1, received_at: receivedAt, updated_at: receivedAt, first_viewed_at: at(null), accepted_at: at(null), closed_at: at(null),
    occurred_at: story.happenedHoursBefore === undefined ? null : minutes(receivedAt, -60 * story.happenedHoursBefore), channel: story.channel ?? 'web', locale,
    contact_mode: sender.mode, owner_id: sender.ownerId, owner_hash: sender.ownerHash, receipt_hash: receiptHash(keys, story.known?.receipt ?? encodeReceipt(randomBytes(15))),
    is_unverified: story.isUnverified ?? false, is_hidden: story.isHidden ?? false, emergency_kind: story.emergency ?? null, assigned_to: text(null), summary: text(null),
    content_sealed: contentSealed, content_key: contentKey, contact_sealed: sender.sealed, contact_key: sender.wrapped, notify_sealed: sender.notifySealed,
    content_hash: contentHash(nonce, content), nonce,
  }
}

function eventRow(reportId: string, at: Date, kind: string, { status, reason, role, actor, isPublic = true, sealed }: { status?: string, reason?: string, role: string, actor?: string, isPublic?: boolean, sealed?: string }) {
  return { report_id: reportId, at, kind, status: status ?? null, closed_reason: reason ?? null, actor_role: role, actor_id: actor ?? null, is_public: isPublic, public_sealed: sealed ?? null }
}

function round(degrees: number) {
  return Math.round(degrees * 1e6) / 1e6
}
