import type { TrackedRevisit } from '../revisits/tracked-revisit.ts'
import type { Clock } from './clock.ts'
import type { Taken } from './intake-schema.ts'
import type { ClosedReason, Status } from './status.ts'
import type { AboutAlert } from './step-pages.ts'

/** A file of a report, as its page lists it. */
export interface TrackFile { id: string, at: string, author: 'reporter' | 'staff', type: string, size: number, sha256: string, hasView: boolean }

/** What the page of a report shows its reporter; a follower gets `viewer: 'follower'`, the states and nothing written. */
export interface TrackPage {
  reference: string
  viewer: 'reporter' | 'follower'
  status: Status
  closedReason: ClosedReason | null
  category: string
  place: string
  timeZone: string
  now: string
  receivedAt: string
  mergedInto: string | null
  taken: Taken | null
  clock: Clock[]
  /** By when somebody comes back if the report is taken on; null once the ladder says it. */
  revisitBy: string | null
  /** Nobody calls or visits: coming back means a letter here. */
  isByLetter: boolean
  /** Without the automatic check it is read after the others. */
  waitsApart: boolean
  stationPhone: string | null
  /** Newest first. */
  timeline: { at: string, kind: string, status: Status | null, closedReason: ClosedReason | null, by: 'reporter' | 'staff', text: string | null }[]
  messages: { id: string, at: string, author: 'reporter' | 'staff', text: string, files: TrackFile[] }[]
  written: { description: string, address: string | null, occurredText: string | null, answers: { label: string, value: string }[], about: AboutAlert | null } | null
  attachments: TrackFile[]
  /** Newest first. */
  access: { at: string, role: string, action: string, purpose: string | null, reason: string | null, approvedBy: string | null }[]
  /** The ladder, oldest step first. */
  revisits: TrackedRevisit[]
  /** A reward waits to be claimed. */
  hasReward: boolean
  /** What was just sent sounds like a danger. */
  hasEmergency: boolean
}

/** The part of a way that a bar shows, 0 to 1. */
export function clockProgress(startedAt: string, dueAt: string, now: string): number {
  const whole = Date.parse(dueAt) - Date.parse(startedAt)
  return Math.min(Math.max((Date.parse(now) - Date.parse(startedAt)) / whole, 0), 1)
}
