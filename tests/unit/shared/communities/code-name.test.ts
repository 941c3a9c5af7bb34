import { describe, expect, it } from 'vitest'
import { codeFrom } from '#shared/communities/code-name'

describe('a code from what something is called', () => {
  it.each([
    ['What is missing?', 'what_is_missing'], ['How many (about)?', 'how_many_about'], ['Café noise, at night, every day', 'cafe_noise_at_night'], ['电瓶车', 'question'], ['  ', 'question'], ['e-bike 2', 'ebike'],
  ])('%s → %s', (called, code) => {
    expect(codeFrom(called, [], 'question')).toBe(code)
  })

  it('is never one that was used', () => {
    const taken = ['noise']
    for (let times = 0; times < 60; times++) taken.push(codeFrom('Noise', taken, 'matter'))

    expect(new Set(taken).size).toBe(61)
    expect(taken.every(code => /^[a-z]+(_[a-z]+)*$/.test(code) && code.length <= 40)).toBe(true)
    expect(taken.slice(0, 4)).toEqual(['noise', 'noise_a', 'noise_b', 'noise_c'])
  })
})
