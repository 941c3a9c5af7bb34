import { createHmac } from 'node:crypto'
import { expect, it } from 'vitest'
import { deviceSeconds, knownDevice, rememberDevice } from '#server/domain/accounts/known-device'
import type { KeyRing } from '#server/domain/trust/key-ring'

const ringOf = (secret: string) => ({ mac: (purpose: string, text: string) => createHmac('sha256', `${secret} ${purpose}`).update(text).digest() }) as unknown as KeyRing
const keys = ringOf('ours')
const now = Date.UTC(2026, 10, 22)

it('a device is known for the accounts that signed in on it, each under a name of its own', () => {
  const both = rememberDevice(keys, rememberDevice(keys, undefined, 'chen@example.test', now), 'li@example.test', now)

  const [chen, li] = [knownDevice(keys, both, 'Chen@example.test', now), knownDevice(keys, both, 'li@example.test', now)]
  expect(chen).toBeDefined()
  expect(li).toBeDefined()
  expect(chen).not.toBe(li)
  expect(knownDevice(keys, both, 'wang@example.test', now)).toBeUndefined()
})

it('signing in again keeps its name, so that nobody gets fresh guesses by it; two devices have different ones', () => {
  const first = rememberDevice(keys, undefined, 'chen@example.test', now)
  const again = rememberDevice(keys, first, 'chen@example.test', now + 1000)

  expect(knownDevice(keys, again, 'chen@example.test', now)).toBe(knownDevice(keys, first, 'chen@example.test', now))
  expect(knownDevice(keys, rememberDevice(keys, undefined, 'chen@example.test', now), 'chen@example.test', now)).not.toBe(knownDevice(keys, first, 'chen@example.test', now))
})

it('is a stranger after ninety days, with a forged cookie, or with that of another station', () => {
  const cookie = rememberDevice(keys, undefined, 'chen@example.test', now)

  expect(knownDevice(keys, cookie, 'chen@example.test', now + deviceSeconds * 1000)).toBeUndefined()
  expect(knownDevice(ringOf('theirs'), cookie, 'chen@example.test', now)).toBeUndefined()
  expect(knownDevice(keys, `${cookie.slice(0, -4)}AAAA`, 'chen@example.test', now)).toBeUndefined()
  expect(knownDevice(keys, 'nonsense', 'chen@example.test', now)).toBeUndefined()
})

it('of nine accounts on one desk the oldest makes place', () => {
  let cookie: string | undefined
  for (let person = 0; person < 9; person++) cookie = rememberDevice(keys, cookie, `${person}@example.test`, now)

  expect(knownDevice(keys, cookie, '0@example.test', now)).toBeUndefined()
  expect(knownDevice(keys, cookie, '1@example.test', now)).toBeDefined()
  expect(cookie?.length).toBeLessThan(1500)
})
