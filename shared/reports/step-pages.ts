import type { MapCommunity } from '../communities/draw-map.ts'
import type { Locale } from '../locales.ts'
import type { AttachmentFacts } from './attachment.ts'
import type { DraftAnswers, ReportStep } from './draft.ts'
import type { QuestionText } from './question-text.ts'

/** The alert that a report is about. */
export interface AboutAlert { identifier: string, code: string, headline: string, locale: Locale }

/** What every page of the form shows. */
export interface StepFrame {
  step: ReportStep
  /** 1-based. */
  number: number
  count: number
  /** The second page of its step. */
  isContinued: boolean
  /** Opened from the check page, to change one answer. */
  isChange: boolean
  before: ReportStep | null
  /** The emergency rules found a danger in what was written. */
  hasEmergency: boolean
  /** Whether the device may keep what is typed: never for violence at home and for minors (RULES B6). */
  mayKeepOnDevice: boolean
  about: AboutAlert | null
}

export interface Choice { value: string, label: string, hint?: string }
export interface ChoiceGroup { code: string, choices: Choice[] }

export interface CategoryPage extends StepFrame { groups: ChoiceGroup[], chosen: string | undefined }
export interface PlacePage extends StepFrame { communities: MapCommunity[], answer: DraftAnswers['place'], ownCommunity: string | undefined, alertPlace: string | undefined }
export interface WhenPage extends StepFrame { answer: DraftAnswers['when'], today: string }
export interface DetailsPage extends StepFrame { category: string, guidance: string[], questions: QuestionText[], answer: DraftAnswers['details'] }
export interface FilesPage extends StepFrame { files: (AttachmentFacts & { keepsOriginal: boolean })[], did: 'added' | 'removed' | null }
export interface ContactPage extends StepFrame { chosen: string | undefined, isSignedIn: boolean }
export interface ReachPage extends StepFrame { mode: 'sealed' | 'named', isPortalOnlyFirst: boolean, isSignedIn: boolean, answer: DraftAnswers['reach'] }
export interface CheckPage extends StepFrame {
  category: { name: string, isPublic: boolean, urgency: 'normal' | 'urgent' }
  place: { community: string | null, grid: string | null, address: string | null, hasPoint: boolean }
  when: DraftAnswers['when']
  timeZone: string
  details: { description: string, answers: { label: string, value: string }[] }
  contact: { mode: 'anonymous' | 'sealed' | 'named', name?: string, phone?: string, email?: string, safeContact?: string, isPortalOnly?: boolean, isSignedIn: boolean }
  files: AttachmentFacts[]
  nearby: { reference: string, summary: string | null, status: string, receivedOn: string }[]
}
