import { describe, expect, it } from 'vitest'
import { type ActedOn, type AlertAct, alertActs, mayDo } from '#shared/alerts/alert-rights'

const wang = { id: 'wang', role: 'officer', communityIds: ['ping-an'] }
const zhao = { id: 'zhao', role: 'lead', communityIds: [] }
const sun = { id: 'sun', role: 'chief', communityIds: [] }
const aDraft = (changes: Partial<ActedOn> = {}): ActedOn => ({
  state: 'draft', effectiveState: null, messageType: 'alert', kind: 'warning', colour: 'yellow', needsSecondPerson: false, createdBy: 'zhao', editedBy: 'zhao', approvedBy: null, communityIds: ['ping-an'], ...changes,
})
const acts = (alert: ActedOn, person: typeof wang): AlertAct[] => alertActs.filter(act => mayDo(act, alert, person))

describe('who may do what with an alert', () => {
  it('a lead publishes their own yellow one, and throws any draft away', () => {
    expect(acts(aDraft(), zhao)).toEqual(['edit', 'submit', 'discard', 'publish'])
    expect(acts(aDraft(), sun)).toEqual(['edit', 'submit', 'discard'])
  })

  it('an officer writes and hands in where they look after', () => {
    expect(acts(aDraft({ createdBy: 'wang', editedBy: 'wang' }), wang)).toEqual(['edit', 'submit', 'discard'])
    expect(acts(aDraft(), wang)).toEqual(['edit', 'submit'])
    for (const communityIds of [['chang-le'], ['ping-an', 'chang-le'], []]) expect(acts(aDraft({ communityIds }), wang)).toEqual([])
    expect(acts(aDraft({ communityIds: [], createdBy: 'wang' }), wang)).toEqual(['edit', 'submit', 'discard'])
  })

  it('a red one goes out by somebody who neither began nor changed it, or by the chief with a reason', () => {
    const red = aDraft({ colour: 'red', state: 'in_review' })
    expect(acts(red, zhao)).toEqual(['edit', 'return', 'discard'])
    expect(acts(red, sun)).toEqual(['edit', 'return', 'discard', 'approve', 'publish', 'override'])
    expect(acts({ ...red, approvedBy: 'sun' }, zhao)).toEqual(['edit', 'return', 'discard', 'publish'])
    expect(acts({ ...red, createdBy: 'sun' }, sun)).toEqual(['edit', 'return', 'discard', 'override'])
    expect(acts({ ...red, editedBy: 'sun' }, sun)).toEqual(['edit', 'return', 'discard', 'override'])
  })

  it('what follows a red one is as a red one', () => {
    expect(acts(aDraft({ state: 'in_review', messageType: 'update', colour: 'blue', needsSecondPerson: true }), zhao)).not.toContain('publish')
  })

  it('what counts is continued; what has ended is only rehearsed', () => {
    const published = aDraft({ state: 'published', effectiveState: 'current' })
    expect(acts(published, wang)).toEqual(['update', 'cancel', 'all_clear', 'exercise'])
    expect(acts({ ...published, kind: 'tip', colour: null }, zhao)).toEqual(['update', 'cancel', 'exercise'])
    for (const effectiveState of ['expired', 'superseded', 'cancelled', 'cleared'] as const) expect(acts({ ...published, effectiveState }, sun)).toEqual(['exercise'])
    for (const messageType of ['cancel', 'all_clear'] as const) expect(acts({ ...published, messageType }, sun)).toEqual(['exercise'])
  })

  it('a discarded draft is nobody\'s any more; auditor and admin change nothing', () => {
    expect(acts(aDraft({ state: 'discarded' }), sun)).toEqual([])
    for (const role of ['auditor', 'admin']) for (const state of ['draft', 'in_review', 'published'] as const) expect(acts(aDraft({ state, effectiveState: 'current' }), { ...sun, role })).toEqual([])
  })
})
