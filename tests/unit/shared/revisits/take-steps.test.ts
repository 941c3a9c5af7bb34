import { describe, expect, it } from 'vitest'
import type { LadderStep } from '#shared/revisits/revisit-schema'
import { takeSteps } from '#shared/revisits/take-steps'

const first: LadderStep = { id: 'a', round: 1, step: 1, level: 'officer', openedAt: '2026-11-22T01:00:00Z', dueAt: '2026-11-25T16:00:00Z', mayVisit: true, stoppedAt: null }

describe('what an act did to the ladder', () => {
  it('a step that accepting opened is there with who, by when and the right to record it', () => {
    expect(takeSteps([], [first])).toMatchObject([{ ...first, visitedAt: null, answer: null, record: null }])
  })

  it('a known step keeps its words and takes what was stopped', () => {
    const [known] = takeSteps([], [first])
    const spoken = { ...known!, comment: 'No lamp yet.' }

    expect(takeSteps([spoken], [{ ...first, mayVisit: false, stoppedAt: '2026-11-23T01:00:00Z' }])).toMatchObject([{ comment: 'No lamp yet.', mayVisit: false, stoppedAt: '2026-11-23T01:00:00Z' }])
  })

  it('taken up again after that, a new round stands beside the old one', () => {
    const known = takeSteps([], [first])

    expect(takeSteps(known, [first, { ...first, id: 'b', round: 2 }]).map(({ id, round }) => [id, round])).toEqual([['a', 1], ['b', 2]])
  })
})
