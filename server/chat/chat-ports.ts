/*
  What intents may call: use cases of server/domain behind an interface, so that a dialogue is tested without a database.
  `openChatPorts` (open-chat-ports.ts) makes them of the services.
*/
import type { ShownAlert } from '#shared/alerts/alert-schema'
import type { CurrentAlerts } from '#shared/alerts/alert-pages'
import type { CheckedMessage } from '#shared/alerts/check-page'
import type { ResponseKind } from '#shared/alerts/responses'
import type { AlertWishes } from '#shared/alerts/subscription-schema'
import type { ErrorCode } from '#shared/errors'
import type { Locale } from '#shared/locales'
import type { Localised, ReferenceData } from '#shared/communities/reference-data'
import type { EmergencyNumbers } from '#shared/reports/emergency-numbers'
import type { ReportInput } from '#shared/reports/report-schema'
import type { Night } from '#shared/patrols/night-schema'
import type { OwnPoints } from '#shared/patrols/points-schema'
import type { OwnPatrols, PatrolTerms } from '#shared/patrols/patrol-schema'
import type { RevisitAnswer } from '#shared/revisits/ladder'
import type { TrackedReport } from '#server/domain/reports/track-report'
import type { ArticleFinder } from './retrieval/article-finder.ts'
import type { Turn } from './turn.ts'

/** A report that the resident may follow: by the view session that their receipt opened, or as its signed-in owner. */
export interface ReportHandle { reference: string, token?: string }

/** A file in the blob store that waits for its report, with its key: only ever in the sealed state. */
export interface WaitingFile { id: string, mediaType: string, sizeBytes: number, sha256: string, originalBlob: string | null, viewBlob: string | null, viewMediaType: string | null, key: string }

export type GivenFile = Extract<NonNullable<Turn['file']>, { read: unknown }>

export interface FiledReport { reference: string, receipt: string, urgency: 'normal' | 'urgent', firstLookBy?: string, answerBy?: string, timeZone: string, isNobodyOnDuty: boolean, waitsApart: boolean }

export interface MyReport { reference: string, category: string, status: string, receivedAt: string, unread: number, awaitsAnswer: boolean }

/** What became of an answer to an alert. `over`: it counts no more and only a call for help is still taken. `refused`: there is no such alert, or too many answers came. */
export type AlertAnswered = { is: 'taken', hasDuty: boolean, alert: ShownAlert } | { is: 'over', alert: ShownAlert } | { is: 'refused' }

/** `link`: where its settings are. `quiet`: when it is not to be woken. */
export interface ChatWishes { link: string, quiet: AlertWishes['quietHours'] }

/** Alerts that a chat gets and answers. */
export interface AlertsHere {
  answer: (identifier: string, answer: { kind: ResponseKind, locale: Locale, text?: string, community?: string }) => Promise<AlertAnswered>
  find: (identifier: string) => Promise<ShownAlert | undefined>
  /** All kinds of the whole station or of one community, quiet at night; what was asked for before stays */
  subscribe: (locale: Locale, community?: string) => Promise<ChatWishes>
  /** Undefined: this chat asked for none. */
  setQuiet: (isQuiet: boolean) => Promise<ChatWishes | undefined>
  /** Whether it had asked for any. */
  stop: () => Promise<boolean>
}

/** What a volunteer may do about a shift by a button. */
export type ShiftAct = 'sign_up' | 'leave' | 'accept_offer'

/** The roster for whoever speaks. */
export interface PatrolsHere {
  /** Days and slugs of communities, which is all that everybody learns (RULES I1). */
  coming: () => Promise<{ day: string, community: string }[]>
  types: () => Promise<PatrolTerms['types']>
  /** Undefined: nobody is signed in, and no account is linked with this chat. */
  own: () => Promise<OwnPatrols | undefined>
  /** `ahead`: people before one on the waiting list. `refused`: why not. */
  change: (act: ShiftAct, shift: string) => Promise<{ state: string | null, ahead: number | null } | { refused: ErrorCode }>
  /** Undefined: no place on it, and nothing to lead. */
  night: (shift: string) => Promise<Night | undefined>
  /** Whoever leads calls the roll. */
  callRoll: (shift: string) => Promise<Night | { refused: ErrorCode }>
  checkIn: (shift: string, code: string) => Promise<{ presentAt: string } | { refused: ErrorCode }>
  checkOut: (shift: string) => Promise<{ hasEnded: boolean } | { refused: ErrorCode }>
  /** Undefined as for `own`. */
  points: () => Promise<OwnPoints | undefined>
}

/** A share that is spoken of, such as "safe or very safe", with its 95 % interval. */
export interface SurveyFigure { question: Localised, answers: Localised[], percent: number, low: number, high: number, base: number }

/** Surveys, as everybody may know them. */
export interface SurveysHere {
  open: () => Promise<{ id: string, title: Localised, closesAt: string }[]>
  /** The last one whose results are out. */
  latest: () => Promise<{ id: string, title: Localised, figures: SurveyFigure[] } | undefined>
}

export interface ChatPorts {
  /** The station's clock, milliseconds. */
  now: () => number
  newId: () => string
  /** Is an account behind this turn: signed in, or linked? */
  isSignedIn: boolean
  reference: () => Promise<ReferenceData>
  emergencyNumbers: () => Promise<EmergencyNumbers>
  articles: () => Promise<ArticleFinder>
  /** The address of the portal, for links in a messenger. */
  publicUrl: string

  keepFile: (file: GivenFile) => Promise<WaitingFile>
  fileReport: (report: { input: ReportInput, files: WaitingFile[], idempotencyKey: string, emergencyKind?: string }) => Promise<FiledReport>
  /** @throws AppError not_found, rate_limited */
  openReport: (typed: { reference: string, receipt: string }) => Promise<{ token: string, report: TrackedReport }>
  /** @throws AppError not_found when the view is over */
  readReport: (handle: ReportHandle) => Promise<TrackedReport>
  listMyReports: () => Promise<MyReport[]>
  writeMessage: (handle: ReportHandle, message: { text: string, messageId: string }) => Promise<void>
  addFile: (handle: ReportHandle, file: GivenFile) => Promise<void>
  withdraw: (handle: ReportHandle) => Promise<void>
  answerRevisit: (handle: ReportHandle, revisit: string, answer: { answer: RevisitAnswer, comment?: string }) => Promise<void>
  /** Whom a place belongs to: its community's slug. */
  communityAt: (location: { lat: number, lng: number }) => Promise<string | undefined>
  /** What counts now: everywhere, or in the community of a slug. */
  currentAlerts: (locale: Locale, community?: string) => Promise<CurrentAlerts>
  /** Of a messenger only: a page is asked on its own pages. */
  alertsHere?: AlertsHere
  patrols: PatrolsHere
  surveys: SurveysHere
  /** Of a messenger only, whose account may draw something now: a pass for the web page. Its community's officer, if it may rate them, and surveys that it may answer */
  ballotPass?: () => Promise<{ pass: string, community: string | null, surveys: string[] } | undefined>
  /** Is a forwarded message real? Nothing of it is kept. */
  checkMessage: (text: string) => Promise<CheckedMessage>
  /** Words beside the rating of a chat with a person. */
  sayWhy: (conversation: string, words: string) => Promise<void>
  /** Can anybody at the station answer now, and when do people answer at all? */
  officeHours: (locale: Locale) => Promise<{ isOpen: boolean, hours: string } | undefined>
}
