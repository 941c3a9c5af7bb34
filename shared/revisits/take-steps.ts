import type { DeskRevisit, LadderStep } from './revisit-schema.ts'

/** A step that nobody has done anything about. */
const untouched = {
  visitedAt: null, visitor: null, method: null, topics: null, record: null, informedAt: null, remindedAt: null, noReplyAt: null,
  answer: null, answeredAt: null, answeredBy: null, recordedAnswer: null, comment: null, askedAgainAt: null, stoppedAt: null,
} satisfies Partial<DeskRevisit>

/** Puts what an act did to the ladder into the steps of an opened report: new ones are added, known ones keep their words. */
export function takeSteps(known: readonly DeskRevisit[], told: readonly (Omit<LadderStep, 'stoppedAt'> & Partial<LadderStep>)[]): DeskRevisit[] {
  const added = told.filter(({ id }) => !known.some(step => step.id === id))
  return [...known.map(step => ({ ...step, ...told.find(({ id }) => id === step.id) })), ...added.map(step => ({ ...untouched, ...step }))]
}
