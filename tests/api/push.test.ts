import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, inject, it, vi } from 'vitest'
import { z } from 'zod'
import { savedAlertSchema } from '#shared/alerts/alert-schema'
import { pushMessageSchema } from '#shared/alerts/push-message'
import { subscribedSchema } from '#shared/alerts/subscription-schema'
import { FakePushService } from '../fake-push-service.ts'
import { problemOf, send, signedIn } from './portal-client.ts'

// A push service of its own, and alerts in a community where no other test looks.
const service = new FakePushService()
let cookie = ''
let community = ''
beforeAll(async () => {
  await service.start(inject('pushPort'))
  cookie = await signedIn('lead')
  const { communities } = z.object({ communities: z.array(z.object({ id: z.uuid(), slug: z.string() })) }).parse((await send('GET', '/api/desk/reference', { cookie })).body)
  community = communities.find(({ slug }) => slug === 'he-xie')?.id ?? ''
})
afterAll(() => service.stop())

const desk = (path: string, json: unknown = {}) => send('POST', `/api/desk/alerts${path}`, { cookie, json })
const aDraft = { kind: 'warning', colour: 'yellow', event: 'burglary', urgency: 'Expected', severity: 'Moderate', certainty: 'Likely', expires: new Date(Date.now() + 3_600_000).toISOString(), texts: { zh: { headline: '楼道里有人推销假药', description: '不要开门。' }, en: { headline: 'False medicine sold at the door', description: 'Do not open.' } } }
async function publish(): Promise<string> {
  const { alert } = savedAlertSchema.parse((await desk('', { ...aDraft, areas: [{ kind: 'community', community }] })).body)
  expect((await desk(`/${alert.identifier}/publish`)).status).toBe(200)
  return alert.identifier
}
async function subscribe(subscription: unknown, locale = 'zh') {
  const { status, body } = await send('POST', '/api/subscriptions', { json: { channel: 'webpush', communities: ['he-xie'], kinds: ['warning'], minColour: 'yellow', locale, subscription } })
  expect(status).toBe(201)
  return subscribedSchema.parse(body).token ?? ''
}
const pushedTo = (name: string) => service.pushed.filter(push => push.name === name)
const until = (what: () => void | Promise<void>) => vi.waitFor(what, { timeout: 20_000, interval: 100 })
const isOver = async (token: string) => (await send('GET', `/zh/alerts/subscriptions/${token}`)).text.includes('已经退订')

it('an alert reaches a browser in its language, sealed for it and signed; a browser that is gone is told no more, and its settings say so', async () => {
  const [here, gone] = [randomUUID(), randomUUID()]
  service.fate = name => ({ status: name === gone ? 410 : 201 })
  const token = await subscribe(service.browser(here), 'en')
  const lost = await subscribe(service.browser(gone))

  const first = await publish()
  await until(() => expect(pushedTo(here)).toHaveLength(1))
  const [push] = pushedTo(here)
  expect(push).toMatchObject({ isSigned: true, audience: service.origin, topic: first, urgency: 'normal' })
  expect(pushMessageSchema.parse(JSON.parse(push?.text ?? ''))).toMatchObject({ title: 'Yellow warning: False medicine sold at the door', tag: first, identifier: first, locale: 'en', colour: 'yellow', isExercise: false })

  await until(async () => expect(await isOver(lost)).toBe(true))
  expect(await isOver(token)).toBe(false)
  const second = await publish()
  await until(() => expect(pushedTo(here).map(({ topic }) => topic)).toEqual([first, second]))
  expect(pushedTo(gone)).toHaveLength(1)
  expect((await send('POST', `/api/subscriptions/${token}/unsubscribe`)).status).toBe(204)
})

it('a browser with a new address gets the next alert there; a foreign address and a foreign token move nothing', async () => {
  service.fate = () => ({ status: 201 })
  const [before, after] = [randomUUID(), randomUUID()]
  const token = await subscribe(service.browser(before))
  const move = (of: string, subscription: unknown) => send('PUT', `/api/subscriptions/${of}`, { json: { subscription } })

  expect((await move(token, service.browser(after))).status).toBe(204)
  await publish()
  await until(() => expect(pushedTo(after)).toHaveLength(1))
  expect(pushedTo(before)).toHaveLength(0)

  const elsewhere = { ...service.browser('x'), endpoint: 'https://push.evil.example/x' }
  expect(problemOf(await move(token, elsewhere)).errors).toHaveProperty(['subscription.endpoint'])
  expect(problemOf(await move('A'.repeat(32), service.browser('x'))).code).toBe('not_found')
  expect((await send('POST', `/api/subscriptions/${token}/unsubscribe`)).status).toBe(204)
  expect(problemOf(await move(token, service.browser('x'))).code).toBe('not_found')
})
