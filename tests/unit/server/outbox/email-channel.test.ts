import { createServer, type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { SendError, type Channel, type Mail } from '#server/outbox/channels/channel'
import { emailChannel } from '#server/outbox/channels/email'
import { openSmtpSink, type Fate, type SmtpSink } from '../../../smtp-sink.ts'

const mail: Mail = { to: 'amina@example.org', subject: '您有一条新消息', body: '您好：\n\n请看这里。', key: '00000000-0000-4000-8000-0000000000aa', unsubscribeUrl: 'https://ping-an.example/api/messages/t/unsubscribe' }
let sink: SmtpSink | undefined
let channel: Channel | undefined

afterEach(async () => {
  channel?.close()
  await sink?.close()
  channel = sink = undefined
})

async function open(fateOf?: (address: string) => Fate) {
  sink = await openSmtpSink(fateOf)
  channel = emailChannel({ smtpUrl: sink.url, from: 'no-reply@ping-an.example', host: 'ping-an.example', maxConnections: 2, limitMs: 3000 })
  return { sink, channel }
}
const failureOf = (sending: Promise<void>) => sending.then(() => undefined, (error: unknown) => error instanceof SendError ? error.failure : error)

describe('mail over SMTP', () => {
  it('carries the key as Message-ID and one click to end the mails (RFC 8058), and no HTML', async () => {
    const { sink, channel } = await open()
    await channel.send(mail)
    await channel.send(mail)

    expect(sink.accepted.map(({ to, messageId }) => [to, messageId])).toEqual(Array.from({ length: 2 }, () => ['amina@example.org', `${mail.key}@ping-an.example`]))
    const text = sink.accepted[0]?.text.replaceAll('\r\n ', ' ') ?? ''
    expect(text).toContain('List-Unsubscribe: <https://ping-an.example/api/messages/t/unsubscribe>')
    expect(text).toContain('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    expect(text).toContain('Auto-Submitted: auto-generated')
    expect(text).toContain('From: no-reply@ping-an.example')
    expect(text).toMatch(/Content-Type: text\/plain; charset=utf-8/i)
    expect(text).not.toMatch(/text\/html|multipart/i)
  })

  it('a sign-in code has nothing to end', async () => {
    const { sink, channel } = await open()
    await channel.send({ to: mail.to, subject: 'Code', body: '123456', key: mail.key })

    expect(sink.accepted[0]?.text).not.toContain('List-Unsubscribe')
  })

  it.each<[Fate, object]>([
    ['refuse_address', { isPermanent: true, error: 'smtp_550' }],
    ['refuse_text', { isPermanent: true, error: 'smtp_554' }],
    ['busy_address', { isPermanent: false, error: 'smtp_450' }],
    ['busy_text', { isPermanent: false, error: 'smtp_451' }],
    ['drop_at_address', { isPermanent: false, error: 'dropped' }],
    ['drop_in_text', { isPermanent: false, error: 'dropped' }],
  ])('%s is judged, and tried once only', async (fate, expected) => {
    let asked = 0
    const { sink, channel } = await open(() => {
      asked++
      return fate
    })

    expect(await failureOf(channel.send(mail))).toEqual(expected)
    expect(asked).toBe(1)
    expect(sink.accepted).toEqual([])
  })

  it('after a drop the next mail goes out', async () => {
    const fates: Fate[] = ['drop_in_text', 'accept']
    const { sink, channel } = await open(() => fates.shift() ?? 'accept')

    expect(await failureOf(channel.send(mail))).toMatchObject({ error: 'dropped' })
    await channel.send(mail)
    expect(sink.accepted).toHaveLength(1)
  })

  it('nobody who listens is a failure for now', async () => {
    channel = emailChannel({ smtpUrl: 'smtp://127.0.0.1:1', from: 'a@b.example', host: 'b.example', maxConnections: 1, limitMs: 2000 })

    expect(await failureOf(channel.send(mail))).toMatchObject({ isPermanent: false })
  })

  it('a server that says nothing is given up after the limit', async () => {
    const silent = createServer(() => undefined)
    await new Promise<void>(resolve => silent.listen(0, '127.0.0.1', resolve))
    channel = emailChannel({ smtpUrl: `smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`, from: 'a@b.example', host: 'b.example', maxConnections: 1, limitMs: 600 })
    const startedAt = performance.now()

    expect(await failureOf(channel.send(mail))).toMatchObject({ isPermanent: false })
    expect(performance.now() - startedAt).toBeLessThan(3000)
    silent.close()
  })

  it('an address cannot become two, nor a header', async () => {
    const { sink, channel } = await open()
    await failureOf(channel.send({ ...mail, to: 'amina@example.org>,<eve@example.org\r\nBcc: eve@example.org' }))

    expect(sink.accepted.map(({ to }) => to)).not.toContain('eve@example.org')
    expect(sink.accepted.map(({ text }) => text).join('')).not.toMatch(/^bcc:/im)
  })
})
