import { describe, expect, it } from 'vitest'
import { fieldErrors } from '#shared/forms/field-errors'
import { metBy, methodsFor, recordVisitSchema, revisitMethods } from '#shared/revisits/revisit-schema'

const wrongOf = (visit: object) => {
  const read = recordVisitSchema.safeParse({ method: 'visit', met: 'reporter', ...visit })
  return read.success ? {} : fieldErrors(read.error)
}

const letterOf = (method: string) => method === 'portal' ? { letter: 'How are things now?' } : {}

describe('the record of a visit', () => {
  it.each(['visit', 'phone', 'station'] as const)('%s: whoever met nobody has not visited', (method) => {
    expect(wrongOf({ method, met: 'nobody' })).toEqual({ met: { key: 'revisits.errors.nobodyMet' } })
    expect(wrongOf({ method, met: 'family' })).toEqual({})
  })

  it.each(['letter', 'portal'] as const)('%s meets nobody, and is a visit all the same', method => expect(wrongOf({ method, met: 'nobody', ...letterOf(method) })).toEqual({}))

  it('offers for each way whom the record takes', () => {
    for (const method of revisitMethods) expect(metBy(method).filter(met => Object.keys(wrongOf({ method, met, ...letterOf(method) })).length)).toEqual([])
  })

  it('by the tracking page is a letter, and no other visit carries one', () => {
    expect(wrongOf({ method: 'portal', met: 'nobody', letter: '  ' })).toMatchObject({ letter: { key: 'required' } })
    expect(wrongOf({ method: 'portal', met: 'nobody' })).toEqual({ letter: { key: 'required' } })
    expect(wrongOf({ method: 'station', letter: 'How are things now?' })).toEqual({ letter: { key: 'revisits.errors.letterByPage' } })
  })

  it('meets whoever gave no open contact at the station or by the tracking page alone (RULES D3)', () => {
    expect(methodsFor(false)).toEqual(['station', 'portal'])
    expect(methodsFor(true)).toEqual(revisitMethods)
  })

  it('takes an answer from the reporter alone', () => {
    expect(wrongOf({ met: 'family', answer: 'satisfied' })).toEqual({ answer: { key: 'revisits.errors.onlyTheReporter' } })
    expect(wrongOf({ answer: 'satisfied' })).toEqual({})
  })
})
