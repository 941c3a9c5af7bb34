import { describe, expect, it } from 'vitest'
import { fieldErrors } from '#shared/forms/field-errors'
import { metBy, recordVisitSchema, revisitMethods } from '#shared/revisits/revisit-schema'

const wrongOf = (visit: object) => {
  const read = recordVisitSchema.safeParse({ method: 'visit', met: 'reporter', ...visit })
  return read.success ? {} : fieldErrors(read.error)
}

describe('the record of a visit', () => {
  it.each(['visit', 'phone', 'station'] as const)('%s: whoever met nobody has not visited', (method) => {
    expect(wrongOf({ method, met: 'nobody' })).toEqual({ met: { key: 'revisits.errors.nobodyMet' } })
    expect(wrongOf({ method, met: 'family' })).toEqual({})
  })

  it.each(['letter', 'portal'] as const)('%s meets nobody, and is a visit all the same', method => expect(wrongOf({ method, met: 'nobody' })).toEqual({}))

  it('offers for each way whom the record takes', () => {
    for (const method of revisitMethods) expect(metBy(method).filter(met => Object.keys(wrongOf({ method, met })).length)).toEqual([])
  })

  it('takes an answer from the reporter alone', () => {
    expect(wrongOf({ met: 'family', answer: 'satisfied' })).toEqual({ answer: { key: 'revisits.errors.onlyTheReporter' } })
    expect(wrongOf({ answer: 'satisfied' })).toEqual({})
  })
})
