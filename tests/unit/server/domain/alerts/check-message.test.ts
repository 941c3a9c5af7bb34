import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkMessage, messageChecker } from '#server/domain/alerts/check/check-message'
import { shownHeadline, shownText } from '#shared/alerts/headline'
import { bars, evaluate } from '../../../../alerts/evaluate.ts'
import { aPublishedAlert } from '../../../../alerts/a-published-alert.ts'
import { knownAlerts, now, publicUrl } from '../../../../alerts/known-alerts.ts'
import { readCorpus } from '../../../../alerts/read-corpus.ts'
import { aChange, aSetting } from '../../../../alerts/noise.ts'

const options = { publicUrl, timeZone: 'Asia/Shanghai' }
const alerts = Object.values(knownAlerts)
const checkAll = messageChecker(alerts, options)
const check = (text: string) => checkAll(text, now)
const { refund, gas, 'gas-clear': gasClear, drill, child, marathon } = knownAlerts
const zh = refund.texts.zh

const wholeOf = (alert: typeof refund, locale: 'zh' | 'en') => `${shownHeadline(alert, locale)}\n${shownText(alert, locale).text.description}\n${shownText(alert, locale).text.instruction ?? ''}`

describe.each(['zh', 'en'] as const)('on messages that it was not tuned on, in %s, the check', (locale) => {
  const figures = evaluate(locale, 'test')

  it('calls no altered message and no rumour ours', () => {
    expect(figures.alteredAsOurs).toBe(bars.alteredAsOurs)
    expect(figures.strangersAsOurs).toBe(bars.strangersAsOurs)
  })

  it.each(['fresh', 'people-tune', 'people-test'] as const)('calls none ours with remarks of people\'s own either: %s', (part) => {
    const { alteredAsOurs, strangersAsOurs } = evaluate(locale, part)

    expect({ alteredAsOurs, strangersAsOurs }).toEqual({ alteredAsOurs: bars.alteredAsOurs, strangersAsOurs: bars.strangersAsOurs })
  })

  it('recognises what is ours, and what is ours no longer', () => {
    expect(figures.genuineFound).toBeGreaterThanOrEqual(bars.genuineFound)
    expect(figures.overFound).toBeGreaterThanOrEqual(bars.overFound)
  })
})

it('the corpus holds 200 messages and more, each of them once', () => {
  const texts = [...readCorpus('zh'), ...readCorpus('en')].map(({ text }) => text)

  expect(texts.length).toBeGreaterThanOrEqual(200)
  expect(new Set(texts).size).toBe(texts.length)
})

describe('what people write around a message', () => {
  const whole = `${zh.headline}\n${zh.description}\n${zh.instruction}`

  it.each(['唉，我妈上次差点信了，真是急死我', '给力，咱们社区真用心', '有没有人知道到底怎么回事啊？', '大家千万别扫！'])('leaves it genuine, and is shown as not ours: %s', (remark) => {
    expect(check(`${remark}\n${whole}`)).toMatchObject({ verdict: 'genuine', remarks: [expect.stringContaining(remark.slice(0, 6))] })
    expect(check(`${whole}\n${remark}`)).toMatchObject({ verdict: 'genuine', remarks: [expect.stringContaining(remark.slice(0, 6))] })
  })

  it.each([
    ['an amount', '我家被骗了5万'], ['a day', '我听民警讲明天还要来'], ['a place', '我们建设路也要小心'], ['a demand', '大家快扫码登记'], ['whom to call', '有问题大家打给我'],
    ['that it is over', '各位放心，已经解除了'], ['that it is untrue', '我问了，假的'], ['a claim about others', '嫌疑人带着凶器'], ['a link', '大家看 bit.ly/abc'], ['not to do what we say', '大家不要报警'],
  ])('is no remark when it holds %s', (_what, words) => {
    expect(check(`${whole}\n${words}`).verdict).toBe('altered')
    expect(check(`${words}\n${whole}`).verdict).toBe('altered')
  })

  it('is no remark when it runs into our words, or says them in another way', () => {
    expect(check(`我们说的不是${whole}`).verdict).toBe('altered')
    expect(check(`${zh.headline}\n大家都接到了自称快递客服的电话\n${zh.instruction}`).verdict).toBe('altered')
  })

  it('borrows no name: beside a bare code only a word or two may stand', () => {
    expect(check(`${refund.identifier} 这条是真的吗？`).verdict).toBe('genuine')
    expect(check(`我们小区的邻居们，我们大家一起去看看热闹吧，这么好的机会我们都要珍惜啊 ${refund.identifier}`).verdict).toBe('altered')
  })

  it('that is more than a remark is told from a forgery when it asks for nothing', () => {
    expect(check(`${whole}\n嫌疑人带着凶器`)).toMatchObject({ verdict: 'altered', isOnlyAdded: true, isComment: true })
    for (const words of ['大家快扫码登记', '加微信 wx88231', '见 bit.ly/abc']) expect(check(`${whole}\n${words}`), words).not.toHaveProperty('isComment')
  })

  it('may be in traditional characters, as may the message', () => {
    expect(check('11月18日至20日，平安社區有3名居民接到自稱快遞客服的電話。').verdict).toBe('genuine')
    expect(check('11月18日至20日，平安社區有8名居民接到自稱快遞客服的電話。').verdict).not.toBe('genuine')
  })

  it('may name who sent it, in which group and when', () => {
    expect(check(`【平安里邻里互助群】\n6幢李姐 08:15\n${whole}`).verdict).toBe('genuine')
    expect(check(`停水时间 08:15\n${whole}`).verdict).toBe('altered')
  })
})

describe('"is this real?"', () => {
  it('shows what an altered message says and what we said', () => {
    expect(check(zh.description.replace('8.6万', '86万'))).toMatchObject({ verdict: 'altered', identifier: refund.identifier, differences: [{ says: '86万', weSaid: '8.6万' }] })
    expect(check(refund.texts.en!.instruction!.replace('do not pay', 'pay'))).toMatchObject({ verdict: 'altered', differences: [{ says: null, weSaid: 'do not' }] })
    expect(check(`${zh.headline}\n退款请加微信 tk8899`)).toMatchObject({ verdict: 'altered', differences: [{ says: '退款请加微信 tk8899', weSaid: null }] })
  })

  it('tells additions to an unchanged text from a changed one', () => {
    expect(check(`${zh.description}\n凭此消息可以退钱`)).toMatchObject({ verdict: 'altered', isOnlyAdded: true, differences: [{ says: '凭此消息可以退钱', weSaid: null }] })
    expect(check(zh.description.replace('3名', '30名'))).not.toHaveProperty('isOnlyAdded')
  })

  it('names the last message about the matter, not the next one', () => {
    expect(check(gas.identifier)).toMatchObject({ verdict: 'outdated', endedBy: { identifier: gasClear.identifier, messageType: 'all_clear' } })
    expect(check(child.texts.zh.description)).toMatchObject({ verdict: 'cancelled', endedBy: { messageType: 'cancel' } })
  })

  it('says that an exercise is one, and that a part is a part', () => {
    expect(check(drill.identifier)).toMatchObject({ verdict: 'genuine', isExercise: true })
    expect(check(zh.headline)).toMatchObject({ verdict: 'genuine', isPartial: true })
    expect(check(`${zh.headline}${zh.description}${zh.instruction}`)).not.toHaveProperty('isPartial')
  })

  it.each(['LLA-7K3Q-9XPA', 'lla7k3q9xpa', 'LLA 7k3q 9xpa', '7K3Q-9XPA', '7k3q 9xpa', '７Ｋ３Ｑ－９ＸＰＡ', '7K3Q9XPA', `${publicUrl}/zh/alerts/LLA-7K3Q-9XPA`, `${publicUrl}/en/alerts/lla-7k3q-9xpa/?from=singlemessage`, 'linli.example/zh/alerts/LLA-7K3Q-9XPA', `看看这个${publicUrl}/zh/alerts/LLA-7K3Q-9XPA，真的吗？`, `${publicUrl}/feeds/alerts/LLA-7K3Q-9XPA.cap.xml`])('knows the code or link in %s', (text) => {
    expect(check(text)).toMatchObject({ verdict: 'genuine', identifier: refund.identifier })
  })

  it.each([`http://linli.example/zh/alerts/LLA-7K3Q-9XPA`, `https://linli.example.evil.example/zh/alerts/LLA-7K3Q-9XPA`, `https://linli.example@evil.example/zh/alerts/LLA-7K3Q-9XPA`, `https://linli.example:8443/zh/alerts/LLA-7K3Q-9XPA`, `https://1inli.example/zh/alerts/LLA-7K3Q-9XPA`, `https://linli.example/zh/alerts/LLA-7K3Q-9XPA?next=https://evil.example`])('takes %s for no link of ours', (link) => {
    expect(check(link).verdict).not.toBe('genuine')
    expect(check(`${zh.headline} ${link}`).verdict).toBe('altered')
  })

  it('tells a code that is not the text\'s', () => {
    expect(check(`${zh.description}\n核验码：${marathon.identifier}`).verdict).toBe('altered')
    expect(check(`${zh.description}\n核验码：LLA-2222-2222`).verdict).toBe('altered')
  })

  it('takes a text with two codes for no message of ours', () => {
    expect(check(`${refund.identifier} ${marathon.identifier}`).verdict).toBe('altered')
  })

  it('sees through marks that show a text otherwise than it reads', () => {
    expect(check(zh.description.replace('00852', '\u202E25800\u202C')).verdict).toBe('altered')
    expect(check(zh.description.replace('00852', '\u202E00852\u202C')).verdict).toBe('altered')
    expect(check(`❌${zh.instruction}`).verdict).toBe('altered')
  })

  it('does not take a cut number for the number', () => {
    const at = zh.description.indexOf('8.6万') + 1

    expect(check(zh.description.slice(0, at)).verdict).toBe('altered')
    expect(check(zh.description.slice(0, at - 1)).verdict).toBe('genuine')
  })

  it('knows a number that a line break cuts', () => {
    expect(check(zh.instruction!.replace('83210110', '832\n10110')).verdict).toBe('genuine')
    expect(check(zh.instruction!.replace('83210110', '832\n10111')).verdict).toBe('altered')
  })

  it('does not let a quoted rumour stand without its denial', () => {
    expect(check('网传“长乐广场今晚有人持刀伤人”。').verdict).toBe('altered')
    const turned = aPublishedAlert({ texts: { zh: { headline: '警方通报：情况说明', description: '关于平安小学今天下午发生伤人事件的消息不实，校园秩序正常，请家长放心。', instruction: null } } })
    expect(checkMessage('关于平安小学今天下午发生伤人事件的消息', [turned], { ...options, now }).verdict).toBe('altered')
  })

  it('does not let a sentence be taken out of the middle', () => {
    const [first, , third] = zh.instruction!.split('。')

    expect(check(`${first}。${third}。`)).toMatchObject({ verdict: 'altered', differences: [{ says: null, weSaid: '快递公司不会用电话办理退款' }] })
  })

  it('does not take the first word of a sentence behind another for a cut-off quotation', () => {
    expect(check(`${zh.description}${zh.instruction}不要`).verdict).toBe('altered')
    expect(check(`${refund.texts.en!.description}\n${refund.texts.en!.instruction}不`).verdict).toBe('altered')
    expect(check(`${zh.description}不要共享`).verdict).toBe('genuine')
  })

  it.each([
    ['a day as a forwarder', (text: string) => `From next Monday\n${text}`], ['a day as a sender', (text: string) => `From: Monday Morning\n${text}`],
    ['a place as a speaker', (text: string) => `宋庄：${text}`], ['a sentence as a speaker', (text: string) => `[11/24, 21:15] school closed tomorrow: ${text}`],
    ['people as a group', (text: string) => `来自境外的危险人群 ${text}`], ['the day of sending as a time', (text: string) => `${text}\n时间：11月22日`], ['an end that is the warning\'s', (text: string) => `${text}\n活动至11月24日20时`],
    ['strokes through a word', (text: string) => text.replace('不要', '~不要~')], ['"over"', (text: string) => `已解除：${text}`], ['"old"', (text: string) => `这是去年的 ${text}`],
    ['whom to tell the code', (text: string) => `${text}请告诉民警`], ['whom to give it', (text: string) => `${text}发给我们`], ['where to come', (text: string) => `${text}请来派出所`], ['where it is to be sent', (text: string) => `${text}转到官方`],
    ['English words that say whom to tell', (text: string) => `${text} Please tell us, send it to the police`],
  ])('does not take %s for what says nothing', (_name, change) => {
    expect(check(change(`${zh.headline}\n${zh.description}\n${zh.instruction}`)).verdict).toBe('altered')
  })

  it('does not let the items of a list stand without the words that forbid them', () => {
    const list = aPublishedAlert({ texts: { zh: { headline: '安全提醒：谨防冒充公检法', description: '凡是电话里提出以下要求的都是诈骗：\n1. 把钱转到指定的安全账户。\n2. 下载会议软件并共享屏幕。\n3. 不让告诉家人。', instruction: null } } })
    const verdict = (text: string) => checkMessage(text, [list], { ...options, now }).verdict

    expect(verdict('1. 把钱转到指定的安全账户。\n2. 下载会议软件并共享屏幕。')).toBe('altered')
    expect(verdict('凡是电话里提出以下要求的都是诈骗：\n1. 把钱转到指定的安全账户。\n2. 下载会议软件并共享屏幕。')).toBe('genuine')
  })

  it('knows what channels set around a text: level, area, validity, contact', () => {
    expect(check(`【橙色预警】平安社区\n${zh.headline}\n${zh.description}\n发布单位：临河派出所\n有效期至：2026年11月24日20:00\n咨询电话：0755-83210110\n核验码 7K3Q-9XPA`)).toMatchObject({ verdict: 'genuine' })
    expect(check(`${zh.headline}\n有效期至：2026年11月25日20:00`).verdict).toBe('altered')
    expect(check(`【红色预警】${zh.headline}`).verdict).toBe('altered')
    expect(check(`${zh.headline}\n长乐社区`).verdict).toBe('altered')
  })

  it('knows a channel\'s own message when it is told it', () => {
    const renderings = (alert: typeof refund) => [{ locale: 'zh' as const, text: `${alert.texts.zh.headline}。回复 1 表示已看到，回复 2 表示需要帮助。` }]
    const text = `${zh.headline}。回复 1 表示已看到，回复 2 表示需要帮助。`

    expect(check(text).verdict).toBe('altered')
    expect(checkMessage(text, alerts, { ...options, renderings, now })).toMatchObject({ verdict: 'genuine', identifier: refund.identifier })
  })

  it('prefers what still counts where two alerts say the same', () => {
    const old = { ...refund, identifier: 'LLA-7K3Q-0000', sent: '2026-10-22T07:30:00Z', expires: '2026-10-24T12:00:00Z' }

    expect(checkMessage(zh.description, [refund, old], { ...options, now })).toMatchObject({ verdict: 'genuine', identifier: refund.identifier })
    expect(checkMessage(`${zh.description} LLA-7K3Q-0000`, [refund, old], { ...options, now })).toMatchObject({ verdict: 'outdated', identifier: old.identifier })
  })

  it.each(['', ' ', '\n', '。', '👍', '0', '7K3Q', 'LLA-', 'https://', '\u0000\uD800', 'a'.repeat(5000), '一'.repeat(3000), '1 '.repeat(3000)])('answers "unknown" to what says nothing', (text) => {
    expect(check(text).verdict).toBe('unknown')
  })

  it('knows an alert however it is set, and never once a word is changed', () => {
    fc.assert(fc.property(fc.constantFrom(...alerts), fc.constantFrom('zh' as const, 'en' as const), aSetting, (alert, locale, setting) => {
      const sent = setting(wholeOf(alert, locale))

      expect(['altered', 'unknown'], sent).not.toContain(check(sent).verdict)
    }), { numRuns: 300 })
    fc.assert(fc.property(fc.constantFrom(...alerts), fc.constantFrom('zh' as const, 'en' as const), aSetting, aChange, (alert, locale, setting, change) => {
      const whole = wholeOf(alert, locale)
      const changed = change(whole)
      fc.pre(changed !== whole)

      expect(['genuine', 'outdated', 'cancelled'], setting(changed)).not.toContain(check(setting(changed)).verdict)
    }), { numRuns: 500 })
  }, 60_000)

  it('answers in time, among a year of alerts', () => {
    const many = Array.from({ length: 400 }, (_each, index) => aPublishedAlert({ identifier: `LLA-${String(1000 + index)}-${String(2000 + index)}`, texts: { zh: { ...zh, description: zh.description.replace('3名', `${index + 20}名`) } } }))
    const checkMany = messageChecker([...many, ...alerts], options)

    const start = performance.now()
    expect(checkMany(zh.description, now).identifier).toBe(refund.identifier)
    checkMany(zh.description.repeat(40), now)
    expect(performance.now() - start).toBeLessThan(5000)
  })
})
