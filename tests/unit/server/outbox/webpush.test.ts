import { createECDH } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { isPushAddress, usualPushServices } from '#shared/alerts/push-services'
import { openVapidKey, sealForBrowser } from '#server/outbox/channels/push-encryption'
import { isPublicAddress, judgePush, webPushChannel, type Push, type PushError, type WebPushChannel } from '#server/outbox/channels/webpush'
import { FakePushService } from '../../../fake-push-service.ts'

const bytesOf = (text: string) => Buffer.from(text, 'base64url')
const privateKey = 'q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94'
let service: FakePushService
let channel: WebPushChannel

beforeAll(async () => {
  service = await new FakePushService().start()
  channel = webPushChannel({ key: openVapidKey(privateKey), subject: 'mailto:duty@ping-an.example', services: [service.origin], limitMs: 2000, maxConnections: 4 })
})
afterEach(() => {
  service.fate = () => ({ status: 201 })
})
afterAll(async () => {
  channel.close()
  await service.stop()
})

const aPush = (name: string, changes: Partial<Push> = {}): Push => ({ to: service.browser(name), payload: '{"title":"红色预警"}', ttlSeconds: 3600.7, urgency: 'high', topic: 'LLA-7K3Q-9XPA', ...changes })
const failureOf = async (sending: Promise<void>) => sending.then(() => undefined, (error: unknown) => (error as PushError).failure)

describe('the seal for one browser', () => {
  it('is that of the example of RFC 8291, appendix A', () => {
    const keys = { p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4', auth: 'BTBZMqHH6r4Tts7J_aSIgg' }

    const sealed = sealForBrowser('When I grow up, I want to be a watermelon', keys, 0, { salt: bytesOf('DGv6ra1nlYgDCS1FRnbzlw'), privateKey: bytesOf('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw') })

    expect(sealed.toString('base64url')).toBe('DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN')
  })

  it('is as long whatever it says, and fits into one record', () => {
    const keys = { p256dh: openVapidKey(privateKey).publicKey, auth: 'BTBZMqHH6r4Tts7J_aSIgg' }

    expect(new Set(['', '一', '长'.repeat(600)].map(text => sealForBrowser(text, keys, 2048).length))).toEqual(new Set([2048 + 103]))
    expect(() => sealForBrowser('x'.repeat(4000), keys, 2048)).toThrow(RangeError)
  })
})

describe('a push', () => {
  it('arrives readable for its browser alone, signed, with its time, urgency and topic', async () => {
    await channel.send(aPush('lin'))

    expect(service.pushed.at(-1)).toMatchObject({ name: 'lin', text: '{"title":"红色预警"}', ttl: 3600, urgency: 'high', topic: 'LLA-7K3Q-9XPA', size: 2151, audience: service.origin, subject: 'mailto:duty@ping-an.example', isSigned: true })
  })

  it.each<[number, Record<string, string> | undefined, object]>([
    [404, undefined, { kind: 'gone' }], [410, undefined, { kind: 'gone' }], [429, { 'retry-after': '7' }, { kind: 'wait', seconds: 7, error: 'push_429' }], [429, undefined, { kind: 'failed', isPermanent: false, error: 'push_429' }],
    [500, undefined, { kind: 'failed', isPermanent: false, error: 'push_500' }], [413, undefined, { kind: 'failed', isPermanent: true, error: 'push_413' }], [403, undefined, { kind: 'failed', isPermanent: false, error: 'push_403' }],
  ])('answered with %i %j: %j', async (status, headers, failure) => {
    service.fate = () => ({ status, ...(headers && { headers }) })

    expect(await failureOf(channel.send(aPush(`answered-${status}`)))).toEqual(failure)
  })

  it('follows no redirect, however near', async () => {
    service.fate = () => ({ status: 307, headers: { location: `${service.origin}/push/elsewhere` } })

    expect(await failureOf(channel.send(aPush('moved')))).toEqual({ kind: 'failed', isPermanent: true, error: 'push_307' })
    expect(service.pushed.filter(({ name }) => name === 'elsewhere')).toEqual([])
  })

  it('whose line breaks is tried again; one with keys that are none never is', async () => {
    service.fate = () => 'drop'
    expect(await failureOf(channel.send(aPush('broken')))).toEqual({ kind: 'failed', isPermanent: false, error: 'dropped' })

    const { endpoint } = service.browser('odd')
    expect(await failureOf(channel.send(aPush('odd', { to: { endpoint, keys: { p256dh: Buffer.alloc(65, 4).toString('base64url'), auth: 'BTBZMqHH6r4Tts7J_aSIgg' } } })))).toEqual({ kind: 'failed', isPermanent: true, error: 'push_keys' })
  })

  it('goes to no service that is not listed, and into no private network', async () => {
    const to = (endpoint: string) => ({ ...aPush('x').to, endpoint })
    expect(await failureOf(channel.send(aPush('x', { to: to('https://updates.push.services.mozilla.com/wpush/v2/x') })))).toEqual({ kind: 'failed', isPermanent: true, error: 'push_service' })

    const inside = webPushChannel({ key: openVapidKey(privateKey), subject: 'mailto:duty@ping-an.example', services: ['localhost.localdomain', 'push.localhost'], limitMs: 2000, maxConnections: 1 })
    expect(await failureOf(inside.send(aPush('x', { to: to('https://push.localhost/x') })))).toMatchObject({ error: expect.stringMatching(/^(push_private|dropped)$/) })
    inside.close()
  })
})

describe('an address of a push service', () => {
  it.each([
    ['https://fcm.googleapis.com/fcm/send/abc', true], ['https://updates.push.services.mozilla.com/wpush/v2/abc', true], ['https://web.push.apple.com/abc', true], ['https://wns2-par02p.notify.windows.com/w/?token=abc', true],
    ['http://fcm.googleapis.com/abc', false], ['https://fcm.googleapis.com:8443/abc', false], ['https://fcm.googleapis.com.evil.example/abc', false], ['https://evil-push.apple.com.example/x', false], ['https://push.apple.com/abc', false],
    ['https://user@fcm.googleapis.com/abc', false], ['https://127.0.0.1/abc', false], ['https://[::1]/abc', false], ['http://127.0.0.1:5432/abc', false], ['file:///etc/passwd', false], ['not an address', false],
  ])('%s: %s', (address, isTaken) => {
    expect(isPushAddress(address, usualPushServices)).toBe(isTaken)
  })

  it.each([
    ['127.0.0.1', false], ['10.1.2.3', false], ['172.20.0.1', false], ['192.168.1.1', false], ['169.254.169.254', false], ['100.64.1.1', false], ['0.0.0.0', false], ['224.0.0.1', false], ['::1', false], ['fe80::1', false], ['fd00::1', false],
    ['::ffff:10.0.0.1', false], ['::ffff:127.0.0.1', false], ['64:ff9b::a00:1', false], ['8.8.8.8', true], ['2606:4700::1111', true], ['name.example', false],
  ])('of the open internet? %s: %s', (address, isOpen) => {
    expect(isPublicAddress(address)).toBe(isOpen)
  })
})

it('the key that browsers are told belongs to the private one', () => {
  const curve = createECDH('prime256v1')
  curve.setPrivateKey(bytesOf(privateKey))

  expect(openVapidKey(privateKey).publicKey).toBe(curve.getPublicKey().toString('base64url'))
  expect(judgePush(201, undefined)).toBeUndefined()
})
