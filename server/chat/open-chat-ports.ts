import { randomUUID } from 'node:crypto'
import { Readable } from 'node:stream'
import { AppError } from '#shared/errors'
import { promisedSteps } from '#shared/reports/promised-steps'
import type { Locale } from '#shared/locales'
import type { EmergencyNumbers } from '#shared/reports/emergency-numbers'
import { openChecker, type Renderings } from '#server/domain/alerts/check-forwarded'
import { showCurrentAlerts } from '#server/domain/alerts/show-alert-pages'
import type { Actor } from '#server/domain/accounts/actor'
import { addRatingWord, readChatHours } from '#server/domain/chat/own-thread'
import type { Limit } from '#server/domain/chat/conversation-store'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { getStationCalendar } from '#server/domain/communities/get-station-calendar'
import { locatePlace } from '#server/domain/communities/locate-place'
import { accessByOwner, accessByView } from '#server/domain/reports/access'
import { addEvidence } from '#server/domain/reports/add-evidence'
import { addMessage } from '#server/domain/reports/add-message'
import { waitingFile } from '#server/domain/reports/draft'
import { listMyReports } from '#server/domain/reports/list-my-reports'
import { receiveFile, withoutOriginal } from '#server/domain/reports/receive-file'
import { startView } from '#server/domain/reports/start-view'
import { submitInAnyCase } from '#server/domain/reports/submit-in-any-case'
import type { Submission } from '#server/domain/reports/submit-report'
import { trackReport } from '#server/domain/reports/track-report'
import { withdrawReport } from '#server/domain/reports/withdraw-report'
import { answerRevisit } from '#server/domain/revisits/answer-revisit'
import type { Services } from '#server/domain/services'
import { makeBallotPass } from '#server/domain/trust/ballot-pass'
import { text } from '#server/texts'
import { alertsInChat } from './alerts-in-chat.ts'
import type { ChatPorts, ReportHandle } from './chat-ports.ts'
import { patrolsInChat } from './patrols-in-chat.ts'
import { surveysInChat } from './surveys-in-chat.ts'
import { publishedFinder } from './retrieval/published-finder.ts'
import type { Embed } from './retrieval/semantic.ts'
import type { Channel } from './turn.ts'

/** What a surface knows of whoever speaks. */
export interface Speaker {
  channel: Channel
  /** Of a messenger. */
  chatHash?: string
  locale: Locale
  actor?: Actor
  /** The windows of an act for this address or chat. */
  limits: (act: 'report.create' | 'report.guess' | 'report.message' | 'report.evidence' | 'alert.respond' | 'subscription.create') => Limit[]
  emergencyNumbers: () => Promise<EmergencyNumbers>
  /** Where a messenger sends what this chat asked for. */
  chatId?: number
  /** In front of links: nothing on our own pages, the portal's address in a messenger. */
  publicUrl: string
  /** How a report shows that it is no flood. Left out: a messenger vouches for its accounts; a page without script has shown nothing (RULES G2). */
  proof?: Submission['proof']
  /** What mails and pushes set around an alert's own texts (server/outbox/messages/alert-renderings.ts). */
  renderings: Renderings
  loadModel: (() => Promise<Embed | undefined>) | undefined
}

/** The use cases as intents call them. */
export function openChatPorts(services: Services, speaker: Speaker): ChatPorts {
  const { actor, limits, channel, chatHash } = speaker
  const accessOf = ({ token }: ReportHandle) => {
    if (token) return accessByView(services, token)
    if (actor) return accessByOwner(services, actor)
    throw new AppError('not_found')
  }
  const track = (handle: ReportHandle) => trackReport(services, handle.reference, accessOf(handle), limits('report.guess'))
  const both = () => ({ guess: limits('report.guess'), act: limits('report.message') })

  return {
    now: () => Date.now(), newId: randomUUID, isSignedIn: actor !== undefined, publicUrl: speaker.publicUrl,
    reference: () => getReferenceData(services),
    emergencyNumbers: speaker.emergencyNumbers,
    articles: () => publishedFinder(services, speaker.loadModel),
    async communityAt(location) {
      return locatePlace(await getReferenceData(services), { location }).community?.slug
    },
    currentAlerts: (locale, community) => showCurrentAlerts(services, locale, community),
    ...(chatHash && speaker.chatId !== undefined && { alertsHere: alertsInChat(services, { chatHash, chatId: speaker.chatId }, limits) }),
    patrols: patrolsInChat(services, actor ?? (chatHash ? { chat: chatHash } : undefined)),
    surveys: surveysInChat(services),
    ...(chatHash && { ballotPass: () => makeBallotPass(services, chatHash) }),
    checkMessage: async said => (await openChecker(services, speaker.renderings))(said),
    sayWhy: (conversation, words) => addRatingWord(services, conversation, words),
    async officeHours(locale) {
      const { isOpen, days, from, to } = await readChatHours(services)
      return { isOpen, hours: text(locale, `chat.person.days.${days}`, { from, to }) }
    },
    keepFile: async file => waitingFile(await receiveFile(services, Readable.from([await file.read()]), { keepsOriginal: true })),
    async fileReport({ input, files, idempotencyKey, emergencyKind }) {
      const filed = await submitInAnyCase(services, {
        // RULES B1: an anonymous report is sent without the session, whoever is signed in.
        input, ...(input.contact.mode !== 'anonymous' && actor && { actor }), channel: channel === 'telegram' ? 'bot' : 'web', ...(chatHash && { chatHash }), idempotencyKey, limits: limits('report.create'),
        proof: speaker.proof ?? { kind: channel === 'telegram' ? 'trusted' : 'unverified' }, ...(emergencyKind && { emergencyKind }),
        // RULES G3: nobody asked an anonymous sender whether the original may be kept, so it is not.
        files: await Promise.all(files.map(({ key, ...file }) => ({ ...file, key: Buffer.from(key, 'base64') })).map(file => input.contact.mode === 'anonymous' ? withoutOriginal(services, file) : file)),
      })
      const steps = promisedSteps(filed.clock, await getStationCalendar(services, Date.parse(filed.statement.receivedAt)))
      const by = (kind: string) => steps.find(step => step.kind === kind)?.dueAt
      return { reference: filed.reference, receipt: filed.receipt, urgency: filed.urgency, firstLookBy: by('first_look'), answerBy: by('answer'), timeZone: filed.timeZone, isNobodyOnDuty: filed.hasDuty === false, waitsApart: filed.waitsApart }
    },
    async openReport(typed) {
      const { reference, token } = await startView(services, typed, limits('report.guess'))
      return { token, report: await track({ reference, token }) }
    },
    readReport: track,
    async listMyReports() {
      return actor ? (await listMyReports(services, actor)).reports : []
    },
    async writeMessage(handle, message) {
      await addMessage(services, handle.reference, accessOf(handle), message, both())
    },
    async addFile(handle, file) {
      await addEvidence(services, handle.reference, accessOf(handle), Readable.from([await file.read()]), {}, { guess: limits('report.guess'), act: limits('report.evidence') })
    },
    async withdraw(handle) {
      await withdrawReport(services, handle.reference, accessOf(handle), limits('report.guess'))
    },
    async answerRevisit(handle, revisit, answer) {
      await answerRevisit(services, handle.reference, accessOf(handle), revisit, answer, both())
    },
  }
}
