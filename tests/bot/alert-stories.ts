import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { AlertDraft } from '../../shared/alerts/alert-schema.ts'
import { shortCodeOf } from '../../shared/alerts/identifier.ts'
import { expandAlerts } from '../../server/domain/alerts/expand-alerts.ts'
import { publishAlert } from '../../server/domain/alerts/publish-alert.ts'
import { handleResponse, listResponses, openResponse } from '../../server/domain/alerts/respond-to-alert.ts'
import { readSubscription } from '../../server/domain/alerts/subscriptions/manage-subscription.ts'
import { decideAlert, saveAlert, startFrom } from '../../server/domain/alerts/write-alert.ts'
import { chatHash } from '../../server/domain/chat/bot-updates.ts'
import { staffOf, startBotStation, type BotStation } from './bot-station.ts'
import { Resident } from './story.ts'

/** Not 110: what the station set itself is said everywhere. */
const police = '9110'
const words = {
  zh: {
    now: /正在生效|没有生效/, near: '只看我身边的', pingAn: /^平安里/, nearBy: /^平安里现在/, subscribe: '有预警时告诉我', subscribed: '22:00', loud: '夜里也告诉我', isLoud: '夜里也照送', quiet: '夜里不打扰', stop: '不要再发预警', stopped: '不会再收到', none: '没有订阅', settings: '改社区',
    wish: '订阅预警', red: '红色预警', yellow: '黄色预警', seen: '已看到', safe: '我平安', help: '我需要帮助', know: '我有线索', thanks: '谢谢', where: '您在哪里', enough: '就这些', passedOn: '已经转给民警', answered: 'chat', tell: '说说我知道的',
    warned: '端到端加密', over: '已经过期', superseded: '已有更新', cancelled: '已经取消', cleared: '已经解除', genuine: '是真的', altered: '被人改过', unknown: '我们没发过', desk: '转给派出所看看', paste: '整段贴', exercise: '【演练】', drill: '这是演练', deleteYes: /^删除/,
  },
  en: {
    now: /In force now|no alert now/, near: 'Only those near me', pingAn: 'Ping\'an', nearBy: /in Ping'an/, subscribe: 'Tell me when there is an alert', subscribed: '22:00', loud: 'At night, too', isLoud: 'They come at night', quiet: 'Not at night', stop: 'No more alerts here', stopped: 'No more alerts here', none: 'had not asked', settings: 'Change communities',
    wish: 'subscribe to alerts', red: 'Red warning', yellow: 'Yellow warning', seen: 'I saw it', safe: 'I am safe', help: 'I need help', know: 'I know something', thanks: 'Thank you', where: 'Where are you', enough: 'That is all', passedOn: 'Passed on', answered: 'chat', tell: 'Tell what I know',
    warned: 'end-to-end encrypted', over: 'was valid until', superseded: 'There is a newer one', cancelled: 'was cancelled', cleared: 'All clear', genuine: 'It is real', altered: 'Somebody changed it', unknown: 'We did not publish this', desk: 'Send it to the police desk', paste: 'Paste the whole message', exercise: 'EXERCISE: ', drill: 'This is an exercise', deleteYes: /^Delete/,
  },
} as const
export type Language = keyof typeof words

/** What residents do with alerts in a chat, in one language; each has its station, so that both run at once. */
export function tellAlertStories(language: Language): void {
  const w = words[language]
  let station: BotStation
  let staff: Record<'lead' | 'chief', Awaited<ReturnType<typeof staffOf>>>
  let pingAn: string

  beforeAll(async () => {
    station = await startBotStation({ isDemo: true })
    await station.backend.sql`update public.stations set emergency_numbers = ${station.backend.sql.json({ police, fire: '9119', medical: '9120', traffic: '9122' })} where is_default`
    staff = { lead: await staffOf(station, 'lead'), chief: await staffOf(station, 'chief') }
    pingAn = (await station.backend.sql<{ id: string }[]>`select id from public.communities where slug = 'ping-an'`)[0]?.id ?? ''
    await station.startBot({ brain: 'real' })
  }, 180_000)
  beforeEach(() => standAt('12:00'))
  afterAll(() => station?.stop())

  /** Moves the station's clock to an hour of tomorrow: who sleeps when does not depend on when the test runs. */
  const standAt = (hour: string) => station.backend.sql.begin(async (sql) => {
    const [row] = await sql<{ offset: string }[]>`select ((date_trunc('day', now() at time zone 'Asia/Shanghai') + interval '1 day' + ${hour}::interval) at time zone 'Asia/Shanghai' - now())::text as offset`
    await sql`update private.settings set value = to_jsonb(${row?.offset ?? ''}::text) where key = 'clock_offset'`
  })
  const inHours = async (hours: number) => new Date((await station.backend.sql<{ now: Date }[]>`select private.clock() as now`)[0]!.now.getTime() + hours * 3600_000).toISOString()

  let number = 0
  const draft = async (changes: Partial<AlertDraft> = {}): Promise<AlertDraft> => {
    number++
    return {
      kind: 'warning', colour: 'yellow', event: 'burglary', urgency: 'Expected', severity: 'Moderate', certainty: 'Likely', onset: null, expires: await inHours(12), isExercise: false, follows: null, contact: null, web: null,
      texts: {
        zh: { headline: `平安里 ${number} 号院入室盗窃`, description: `今晨平安里 ${number} 号院有三户被撬，丢失现金 ${number}2600 元。`, instruction: '请关好门窗。' },
        en: { headline: `Break-ins at courtyard ${number} in Ping'an`, description: `Three flats in courtyard ${number} were broken into this morning and ${number}2,600 yuan was taken.`, instruction: 'Please lock doors and windows.' },
      },
      areas: [{ kind: 'community', community: pingAn }], ...changes,
    }
  }
  /** The lead writes it and hands it in, the chief publishes it. */
  async function publish(changes: Partial<AlertDraft> = {}) {
    const { identifier } = await saveAlert(station.services, staff.lead, await draft(changes))
    return send(identifier)
  }
  async function send(identifier: string) {
    await decideAlert(station.services, staff.lead, { identifier, act: 'submit' })
    const alert = await publishAlert(station.services, staff.chief, { identifier })
    await expandAlerts(station.services)
    await noticed()
    return alert
  }
  /** Another process asks once a second what is new. */
  const noticed = () => new Promise(resolve => setTimeout(resolve, 1100))
  async function follow(identifier: string, act: 'update' | 'cancel' | 'all_clear') {
    const { identifier: next, revision } = await startFrom(station.services, staff.lead, identifier, act)
    await saveAlert(station.services, staff.lead, await draft(), { identifier: next, revision })
    return send(next)
  }
  const headline = ({ texts }: { texts: Awaited<ReturnType<typeof draft>>['texts'] }) => texts[language]?.headline ?? ''
  const hashOf = (lin: Resident) => chatHash(station.services.keys, lin.chat)
  const subscriptionsOf = (lin: Resident) => station.backend.sql<{ state: string, ended_by: string | null }[]>`select state, ended_by from private.alert_subscriptions where chat_hash = ${hashOf(lin)} and state = 'active'`
  const answersTo = async (identifier: string) => (await station.backend.sql<{ kind: string, n: number, here: number }[]>`
    select r.kind, count(*)::int as n, count(r.community_id)::int as here from private.alert_responses r join public.alerts a on a.id = r.alert_id where a.identifier = ${identifier} group by r.kind order by r.kind`).map(({ kind, n, here }) => `${kind} ${n} ${here}`)
  /** Somebody who gets alerts in their chat. In an object: what can be waited for would be. */
  async function subscriber() {
    const lin = new Resident(station, language)
    await lin.say('/alerts')
    await lin.tap(words[language].subscribe)
    return { lin }
  }
  const arrival = (lin: Resident, alert: Parameters<typeof headline>[0]) => lin.hears(headline(alert), { ms: 30_000 })

  describe(`alerts in a messenger, in ${language}`, () => {
    it('are listed, near me as well; asked for, set for the night, and stopped', async () => {
      const lin = new Resident(station, language)

      expect(await lin.say('/alerts')).toMatch(w.now)
      await lin.tap(w.near)
      expect(await lin.tap(w.pingAn)).toMatch(w.nearBy)
      expect(await lin.say('/alerts')).toMatch(w.nearBy)
      const asked = await lin.tap(w.subscribe)
      expect(asked).toContain(w.subscribed)
      const settings = lin.answers.at(-1)?.buttons.find(({ url }) => url)?.url ?? ''
      expect(settings).toMatch(new RegExp(`/${language}/alerts/subscriptions/[\\w-]{32}$`))
      const read = () => readSubscription(station.services, settings.split('/').at(-1) ?? '')
      expect(await read()).toMatchObject({ state: 'active', channel: 'telegram', wishes: { locale: language, quietHours: { from: '22:00', to: '07:00', orangePasses: true } } })
      expect(await lin.tap(w.loud)).toContain(w.isLoud)
      expect((await read()).wishes.quietHours).toBeNull()
      await lin.tap(w.quiet)
      expect((await read()).wishes.quietHours).toMatchObject({ from: '22:00', to: '07:00' })
      expect(await lin.tap(w.stop)).toContain(w.stopped)
      expect((await read()).state).toBe('ended')

      // In words, too; and asking twice keeps what was chosen.
      await lin.say(w.wish)
      await lin.tap(w.subscribe)
      await lin.tap(w.loud)
      await lin.say('/alerts')
      expect(await lin.tap(w.subscribe)).toContain(w.isLoud)
      expect(await subscriptionsOf(lin)).toHaveLength(1)
      await lin.tap(w.stop)
      await publish()
      await lin.settled()
      expect(lin.heard).not.toContain(`${w.yellow}${language === 'zh' ? '：' : ': '}`)
    })

    it('arrive with buttons; “seen” and “safe” count once however often they are tapped, and tell where', async () => {
      const { lin } = await subscriber()
      const alert = await publish()
      const shown = await arrival(lin, alert)
      await lin.settled()

      expect(shown.text).toContain(w.yellow)
      expect(shown.text).toContain(`/${language}/alerts/${alert.identifier}`)
      expect(shown.buttons.map(({ text }) => text)).toEqual([w.seen, w.safe, w.help, w.know])
      const tap = lin.tapOn(w.seen)
      const said = await lin.then(async () => {
        await station.api.push(lin.chat, tap)
        await station.api.push(lin.chat, lin.tapOn(w.seen))
        await station.api.push(lin.chat, tap)
      })
      expect(said.match(new RegExp(w.thanks, 'g'))).toHaveLength(1)
      expect(await lin.tap(w.safe)).toContain(w.thanks)
      expect(await answersTo(alert.identifier)).toEqual(['safe 1 0', 'seen 1 0'])
      await lin.tap(w.stop)
    })

    it('a call for help shows the number first, reaches the desk at once, and carries on what is written after it', async () => {
      const { lin } = await subscriber()
      const alert = await publish({ colour: 'red', urgency: 'Immediate', severity: 'Extreme', certainty: 'Observed' })
      expect((await arrival(lin, alert)).text).toContain(w.red)
      await lin.settled()
      const before = lin.last

      await lin.tap(w.help)

      const [card, ...rest] = lin.answers.filter(({ id }) => id > before).map(({ text }) => text)
      expect(card).toContain(police)
      expect(rest.join('\n')).toContain(w.where)
      const calls = await station.backend.sql`select 1 from public.outbox o join public.alerts a on a.id = o.noun_id where o.template = 'alerts.help' and o.priority = 0 and a.identifier = ${alert.identifier}`
      expect(calls.length).toBeGreaterThan(0)
      expect((await listResponses(station.services, staff.lead, { identifier: alert.identifier })).responses).toMatchObject([{ kind: 'help', channel: 'telegram', hasText: false, handledAt: null }])

      expect(await lin.say(language === 'zh' ? '平安里 3 号楼 402，老人走不动' : 'Ping\'an, building 3 flat 402, an old man cannot walk')).toContain(w.passedOn)
      await lin.say(language === 'zh' ? '门口有水' : 'There is water at the door')
      expect(await lin.tap(w.enough)).toContain(police)
      const [call] = (await listResponses(station.services, staff.lead, { identifier: alert.identifier })).responses
      expect(call).toMatchObject({ hasText: true, communityId: pingAn })
      expect((await openResponse(station.services, staff.lead, call?.id ?? '')).text).toMatch(language === 'zh' ? /402[^]*门口有水/ : /402[^]*water at the door/)
      await handleResponse(station.services, staff.lead, call?.id ?? '')
      await lin.tap(w.stop)
    })

    it('“I know something” begins a report that names the alert', async () => {
      const { lin } = await subscriber()
      const alert = await publish()
      await arrival(lin, alert)
      await lin.settled()

      expect(await lin.tap(w.know)).toContain(w.thanks)
      expect(await lin.tap(w.tell)).toContain(w.warned)
      expect(await answersTo(alert.identifier)).toEqual(['know 1 0'])
      await lin.say('/cancel')
      await lin.tap(w.stop)
    })

    it('at night red comes and yellow waits for the morning', async () => {
      const { lin } = await subscriber()
      await standAt('02:00')
      const yellow = await publish()
      const red = await publish({ colour: 'red', urgency: 'Immediate', severity: 'Extreme', certainty: 'Observed' })

      await arrival(lin, red)
      expect(lin.heard).not.toContain(headline(yellow))
      await standAt('07:30')
      await arrival(lin, yellow)
      await lin.tap(w.stop)
    })

    it('a button of what was updated, cancelled, cleared or is over says so; a call for help under it is still heard', async () => {
      const { lin } = await subscriber()
      for (const [act, said] of [['update', w.superseded], ['cancel', w.cancelled], ['all_clear', w.cleared]] as const) {
        const alert = await publish()
        const [safe, help] = await arrival(lin, alert).then(() => [lin.tapOn(w.safe), lin.tapOn(w.help)] as const)
        const next = await follow(alert.identifier, act)
        await arrival(lin, next)
        await lin.settled()

        expect(await lin.then(() => station.api.push(lin.chat, safe))).toContain(said)
        expect(lin.answers.at(-1)?.buttons.find(({ url }) => url)?.url).toContain(next.identifier)
        expect(await answersTo(alert.identifier)).toEqual([])
        expect(await lin.then(() => station.api.push(lin.chat, help))).toContain(police)
        expect(await answersTo(act === 'update' ? next.identifier : alert.identifier)).toEqual(['help 1 0'])
        await lin.tap(w.enough)
      }
      const short = await publish({ expires: await inHours(1) })
      const safe = await arrival(lin, short).then(() => lin.tapOn(w.safe))
      await standAt('14:00')
      await noticed()
      expect(await lin.then(() => station.api.push(lin.chat, safe))).toContain(w.over)
      await lin.tap(w.stop)
    })

    it('/check and a forwarded message: genuine, altered, ours no longer, unknown and sent to the desk', async () => {
      const lin = new Resident(station, language)
      const alert = await publish()
      const text = alert.texts[language]!
      const forwarded = `${text.headline}\n${text.description}\n${text.instruction}`

      expect(await lin.say('/check')).toContain(w.paste)
      expect(await lin.say(shortCodeOf(alert.identifier))).toContain(w.genuine)
      expect(await lin.say(`/check ${station.services.settings.publicUrl}/${language}/alerts/${alert.identifier}`)).toContain(w.genuine)
      expect(await lin.say(forwarded)).toContain(w.genuine)
      const altered = await lin.say(forwarded.replace(/(\d)2,?600/, '$19,900'))
      expect(altered).toContain(w.altered)
      expect(altered).toMatch(/9,900/)
      await follow(alert.identifier, 'cancel')
      expect(await lin.say(forwarded)).not.toContain(w.genuine)

      await lin.say('/check')
      expect(await lin.say(language === 'zh' ? '今晚全市停水三天，大家快囤水快转发' : 'The water will be off in the whole city for three days, pass it on')).toContain(w.unknown)
      expect(await lin.tap(w.desk)).toContain(w.warned)
      await lin.say('/cancel')
    })

    it('a drill says so in its first words, and where it is checked', async () => {
      const { lin } = await subscriber()
      const alert = await publish({ isExercise: true })
      const shown = await arrival(lin, alert)
      await lin.settled()

      expect(shown.text).toMatch(new RegExp(`^(?:${w.yellow}[：:] ?)?${w.exercise}`))
      expect(await lin.say(`/check ${shortCodeOf(alert.identifier)}`)).toContain(w.drill)
      await lin.tap(w.stop)
    })

    it('/delete ends them, and so does blocking the bot: nothing more is queued for that chat', async () => {
      const [{ lin }, { lin: mei }] = [await subscriber(), await subscriber()]
      await lin.say('/delete')
      await lin.tap(w.deleteYes)
      expect(await subscriptionsOf(lin)).toEqual([])

      station.api.blocked.add(mei.chat)
      await publish()
      await mei.settled()
      expect(await subscriptionsOf(mei)).toEqual([])
      const told = await publish()
      const rows = await station.backend.sql`select 1 from private.alert_audience x join public.alerts a on a.id = x.alert_id join public.outbox o on o.id = x.outbox_id where a.identifier = ${told.identifier} and o.chat_hash in (${hashOf(lin)}, ${hashOf(mei)})`
      expect(rows).toHaveLength(0)
      station.api.blocked.delete(mei.chat)
    })
  })
}
