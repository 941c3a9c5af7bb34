import { describe, expect, it } from 'vitest'
import type { AlertCard } from '#shared/alerts/alert-pages'
import type { ShownAlert } from '#shared/alerts/alert-schema'
import type { AlertsHere, ChatPorts } from '#server/chat/chat-ports'
import { messageChecker } from '#server/domain/alerts/check/check-message'
import { knownAlerts, now, publicUrl } from '../../../alerts/known-alerts.ts'
import { aResident } from './dialogue.ts'

const check = messageChecker(Object.values(knownAlerts), { publicUrl, timeZone: 'Asia/Shanghai' })
const { refund } = knownAlerts
const zh = refund.texts.zh
const card: AlertCard = { identifier: refund.identifier, messageType: 'alert', kind: 'warning', colour: 'yellow', isExercise: false, state: 'current', headline: zh.headline, locale: 'zh', areas: ['平安里'], sent: refund.sent, expires: refund.expires }
const withAlerts = (channel: 'web' | 'telegram' = 'web') => aResident('zh', { channel, ports: {
  currentAlerts: async () => ({ cards: [card], timeZone: 'Asia/Shanghai', now }),
  checkMessage: async (text) => { const result = check(text, now); return { ...result, ...(result.identifier === refund.identifier && { alert: { ...refund, state: 'current' as const } }) } },
} })

describe('alerts in the chat', () => {
  it.each(['/alerts', '附近有什么预警', '身边的预警'])('“%s” lists what counts now with the way to all', async (said) => {
    const { replies: [reply], intent } = await withAlerts().says(said)

    expect(intent).toBe('alerts')
    expect(reply?.text).toContain(zh.headline)
    expect(reply?.link?.href).toBe('/zh/alerts')
  })

  it('a forwarded message that is simply pasted is checked', async () => {
    const resident = withAlerts()

    expect((await resident.says(`各位邻居早上好！\n${zh.headline}\n${zh.description}`)).replies[0]?.text).toContain('是真的')
    const { replies: [altered], intent } = await resident.says(`${zh.headline}\n${zh.description}\n请加客服微信 wx88231 登记`)
    expect(intent).toBe('check')
    expect(altered?.text).toContain('被人改过')
    expect(altered?.text).toContain('wx88231')
  })

  it('/check asks for the message and says so when we did not publish it', async () => {
    const resident = withAlerts()

    await resident.says('/check')
    const { replies } = await resident.says('今天下午有人抢孩子，快转发')

    // Danger comes first, whatever else is answered.
    const reply = replies.at(-1)
    expect(reply?.text).toContain('我们没发过这一条')
    expect(reply?.choices?.map(({ id }) => id)).toContain('start.forward')
  })

  it('what we did not publish can be sent to the desk: a report with the text, and nothing is sent before they say so', async () => {
    const resident = withAlerts()

    await resident.says('/check')
    await resident.says('平安里今晚停水三天，家家户户快囤水')
    await resident.taps('转给派出所看看')
    const { dialogue } = resident.conversation.state

    expect(dialogue).toMatchObject({ intent: 'report', slots: { category: 'other' } })
    expect(dialogue?.slots.description).toContain('停水三天')
    expect(resident.filed).toEqual([])
  })

  it('on the web the way to be told of alerts is its page', async () => {
    const resident = withAlerts()
    await resident.says('/alerts')

    expect((await resident.taps('有预警时告诉我')).replies[0]?.link?.href).toBe('/zh/alerts/subscribe')
    expect((await resident.says('退订预警')).replies[0]?.link?.href).toBe('/zh/alerts/subscribe')
  })

  it('only those of a community that somebody names, which is then known', async () => {
    const asked: (string | undefined)[] = []
    const resident = aResident('zh', { ports: { currentAlerts: async (_locale, community) => { asked.push(community); return { cards: [], timeZone: 'Asia/Shanghai', now } } } })
    await resident.says('/alerts')
    await resident.taps('只看我身边的')
    const { replies: [reply] } = await resident.says('我在平安里')
    await resident.says('/alerts')

    expect(reply?.text).toContain('平安里社区')
    expect(asked).toEqual([undefined, 'ping-an', 'ping-an'])
  })
})

describe('buttons under an alert in a messenger', () => {
  const given: Parameters<AlertsHere['answer']>[] = []
  const chat = (state: ShownAlert['state'] = 'current', ports: Partial<ChatPorts> = {}) => {
    given.length = 0
    const alert: ShownAlert = { ...refund, state }
    const alertsHere: AlertsHere = {
      answer: async (...answer) => { given.push(answer); return state !== 'current' && answer[1].kind !== 'help' ? { is: 'over', alert } : { is: 'taken', hasDuty: true, alert } },
      find: async () => alert, subscribe: async () => ({ link: 'https://x.example/s', quiet: { from: '22:00', to: '07:00', orangePasses: true } }), setQuiet: async () => undefined, stop: async () => true,
    }
    return aResident('zh', { channel: 'telegram', ports: { alertsHere, emergencyNumbers: async () => ({ police: '911', fire: '911', medical: '911', traffic: '911' }), ...ports } })
  }
  const tap = (kind: string) => ({ choice: `al.${kind}:${refund.identifier}` })

  it('help shows the call card first, calls the station, and passes on what is written after it', async () => {
    const resident = chat()
    const { replies } = await resident.turn(tap('help'))

    expect(replies[0]?.card).toMatchObject({ kind: 'emergency', number: '911' })
    expect(given).toEqual([[refund.identifier, { kind: 'help', locale: 'zh' }]])
    await resident.says('平安里 3 号楼 402，水进屋了')
    expect((await resident.turn({ location: { lat: 40, lng: 116 } })).replies.at(-1)?.text).toContain('已经转给民警')
    expect(given.slice(1).map(([, { kind, text, community }]) => [kind, text, community])).toEqual([['help', '平安里 3 号楼 402，水进屋了', 'ping-an'], ['help', '40, 116', 'ping-an']])
    expect((await resident.taps('就这些')).replies[0]?.text).toContain('911')
    await resident.says('怎么举报诈骗')
    expect(given).toHaveLength(3)
  })

  it('what is said half an hour after a call for help is no part of it', async () => {
    let at = Date.parse(now)
    const resident = chat('current', { now: () => at })
    await resident.turn(tap('help'))
    at += 31 * 60_000
    await resident.says('怎么举报电信诈骗')

    expect(given).toHaveLength(1)
    expect(resident.conversation.state.dialogue?.intent).not.toBe('needHelp')
  })

  it('taking a call for help back is not possible, and nobody is told that nothing was sent', async () => {
    const resident = chat()
    await resident.turn(tap('help'))

    expect((await resident.says('算了')).replies.map(({ text }) => text).join()).toContain('已经收到')
  })

  it('with a person in the chat they work, and the words stay with the person', async () => {
    const resident = chat()
    resident.hasThread({ id: 'a', state: 'open' })
    const { replies } = await resident.turn(tap('help'))

    expect(replies[0]?.card?.kind).toBe('emergency')
    expect((await resident.says('我在三号楼')).commands).toEqual([{ do: 'tell_staff', text: '我在三号楼' }])
    expect((await resident.turn(tap('seen'))).replies[0]?.text).toContain('谢谢')
    expect((await resident.turn({ choice: 'al.stop' })).replies[0]?.text).toContain('不会再收到')
  })

  it.each([['expired', '已经过期'], ['superseded', '已有更新'], ['cancelled', '已经取消'], ['cleared', '已经解除']] as const)('one that is %s says so; a call for help under it is heard', async (state, said) => {
    const resident = chat(state)

    expect((await resident.turn(tap('safe'))).replies[0]?.text).toContain(said)
    const { replies } = await resident.turn(tap('help'))
    expect(replies[0]?.card?.kind).toBe('emergency')
    expect(replies.map(({ text }) => text).join()).toContain('值班民警')
  })

  it('what somebody knows becomes a report that names the alert', async () => {
    const resident = chat()
    await resident.turn(tap('know'))
    await resident.taps('说说我知道的')

    expect(resident.conversation.state.dialogue).toMatchObject({ intent: 'report', slots: { alert: refund.identifier } })
  })

  it('a report in the making goes on after “seen”', async () => {
    const resident = chat()
    await resident.says('/report')
    await resident.turn(tap('seen'))

    expect(resident.conversation.state.dialogue?.intent).toBe('report')
  })

  it('alerts can be asked for, kept quiet and stopped; a button that no chat has is stale', async () => {
    const resident = chat()
    const { replies: [reply] } = await resident.says('/alerts')

    expect(reply?.choices?.map(({ id }) => id)).toEqual(expect.arrayContaining(['al.subscribe', 'al.stop']))
    expect((await resident.taps('有预警时告诉我')).replies[0]).toMatchObject({ link: { href: 'https://x.example/s' }, text: expect.stringContaining('22:00') as string })
    // Typing the label is the same.
    expect((await resident.says('不要再发预警')).replies[0]?.text).toContain('不会再收到')
    expect((await resident.turn({ choice: 'al.quiet.on' })).replies[0]?.text).toContain('没有订阅')
    expect((await withAlerts().turn({ choice: 'al.subscribe' })).intent).toBe('stale')
  })
})
