import { randomUUID } from 'node:crypto'
import type { ReferenceData } from '#shared/communities/reference-data'
import type { Locale } from '#shared/locales'
import { takeTurn } from '#server/chat/brain'
import type { ChatPorts, FiledReport } from '#server/chat/chat-ports'
import { newState, parseState } from '#server/chat/dialogue-state'
import { articleFinder, type ArticleFinder } from '#server/chat/retrieval/article-finder'
import type { Channel, Conversation, Outcome, ThreadFacts, Turn } from '#server/chat/turn'
import { shippedArticles } from '../../../chat/articles.ts'

const both = (zh: string, en: string) => ({ zh, en })
const square = { type: 'Polygon' as const, coordinates: [[[116, 40], [117, 40], [117, 41], [116, 40]] as [number, number][]] }
const question = (code: string, kind: 'text' | 'number' | 'single' | 'multi' | 'officer', label: { zh: string, en: string }, isRequired = false, options: [string, string, string][] = []) =>
  ({ code, kind, label, hint: null, is_required: isRequired, options: options.map(([option, zh, en]) => ({ code: option, label: both(zh, en) })) })
const category = (code: string, zh: string, en: string, questions: ReturnType<typeof question>[] = []) => ({
  code, group: 'property', visibility: 'private' as const, urgency: 'normal' as const, name: both(zh, en), description: both('', ''), guidance: both('', ''), is_about_police: false, allows_device_draft: true, retention_days: 365, questions, versions: [],
})
const officer = { id: '6f1c2b6e-8f34-4b0f-9c2f-0a5a4d6f1b01', name: both('王民警', 'Officer Wang'), badge_number: '012345', kind: 'officer' as const }

/** A station with two communities and the categories that the dialogues speak of. */
export const reference: ReferenceData = {
  station: { id: randomUUID(), slug: 'qing-he', name: both('清河派出所', 'Qinghe Police Station'), phone: '0000', address: null, time_zone: 'Asia/Shanghai', emergency_numbers: null },
  communities: [
    { id: randomUUID(), slug: 'ping-an', name: both('平安里社区', 'Ping\'an Community'), boundary: square, grids: [{ id: randomUUID(), code: 'PA-1', name: both('平安里一区', 'Ping\'an Block One'), boundary: square, lat: 40, lng: 116 }], office: { name: both('平安里警务室', 'Ping\'an Police Office'), address: both('学府街 27 号', '27 Xuefu Street'), phone: '0000-555-0121', reception_hours: both('周一至周五', 'Monday to Friday'), lat: null, lng: null }, officers: [officer] },
    { id: randomUUID(), slug: 'chang-le', name: both('长乐坊社区', 'Changle Community'), boundary: square, grids: [], office: null, officers: [] },
  ],
  categories: [
    category('theft', '盗窃、入室行窃', 'Theft or burglary', [
      question('stolen_from', 'single', both('从哪里被偷的？', 'Where was it stolen from?'), true, [['home', '家里', 'Home'], ['ebike', '电动车、自行车本身', 'The e-bike or bicycle itself'], ['person', '随身', 'On me']]),
      question('things', 'text', both('少了什么东西？', 'What is missing?'), true),
      question('value_yuan', 'number', both('大约值多少钱（元）？', 'About how much was it worth (yuan)?')),
      question('way_in', 'single', both('小偷可能怎么进来的？', 'How did they probably get in?'), false, [['door', '门', 'Door'], ['window', '窗户', 'Window']]),
      question('camera', 'single', both('附近有监控吗？', 'Is there a camera nearby?'), false, [['saved', '有，已经存下来了', 'Yes, saved'], ['none', '没有', 'No']]),
    ]),
    category('noise_dispute', '噪音、邻里纠纷（可调解）', 'Noise or neighbours (mediation)', [
      question('wants_mediation', 'single', both('愿意请社区民警调解吗？', 'Would you like the community officer to mediate?'), true, [['yes', '愿意', 'Yes'], ['not_now', '先看看，暂时不用', 'Not for now']]),
      question('times', 'multi', both('一般什么时候吵？', 'When is it loud?'), false, [['evening', '晚上 10 点前', 'Evening'], ['night', '晚上 10 点后', 'After 10']]),
    ]),
    category('domestic_violence', '家庭暴力', 'Violence at home'),
    category('other', '其他', 'Other'),
  ],
  former: { categories: [], communities: [], grids: [] }, is_demo: true, now: '2026-11-22T02:00:00Z',
}

let shipped: Promise<ArticleFinder> | undefined
const finder = () => shipped ??= articleFinder((['zh', 'en'] as const).flatMap(locale => shippedArticles(locale).map(article => ({ ...article, locale }))))

/** Ten in the morning of Sunday, 22 November 2026 in Shanghai. */
export const now = Date.parse('2026-11-22T02:00:00Z')

/** A resident who talks with the assistant: keeps the state between turns as a process would, through JSON. */
export function aResident(locale: Locale = 'zh', { channel = 'web', ports = {} }: { channel?: Channel, ports?: Partial<ChatPorts> } = {}) {
  const filed: Parameters<ChatPorts['fileReport']>[0][] = []
  const own: ChatPorts = {
    now: () => now, newId: randomUUID, isSignedIn: false, publicUrl: '', reference: async () => reference, emergencyNumbers: async () => ({ police: '110', fire: '119', medical: '120', traffic: '122' }),
    articles: finder, communityAt: async () => 'ping-an', officeHours: async () => ({ isOpen: true, hours: '09:00–18:00' }), keepFile: async () => { throw new Error('no file expected') },
    fileReport: async (report): Promise<FiledReport> => { filed.push(report); return { reference: 'LL-7K3Q-9XPA', receipt: '0123456789ABCDEFGHJKMNPQ', urgency: 'normal', firstLookBy: '2026-11-23T02:00:00Z', timeZone: 'Asia/Shanghai', isNobodyOnDuty: false, waitsApart: false } },
    openReport: async () => { throw new Error('no report expected') }, readReport: async () => { throw new Error('no report expected') }, listMyReports: async () => [], writeMessage: async () => {}, addFile: async () => {}, withdraw: async () => {}, answerRevisit: async () => {}, currentAlerts: async () => ({ cards: [], timeZone: 'Asia/Shanghai', now: new Date(now).toISOString() }), checkMessage: async () => ({ verdict: 'unknown' }), sayWhy: async () => {}, patrols: { coming: async () => [], types: async () => [], own: async () => undefined, change: async () => ({ refused: 'sign_in_required' as const }), night: async () => undefined, callRoll: async () => ({ refused: 'not_found' as const }), checkIn: async () => ({ refused: 'not_found' as const }), checkOut: async () => ({ refused: 'not_found' as const }), points: async () => undefined }, surveys: { open: async () => [], latest: async () => undefined },
    ...ports,
  }
  const conversation: Conversation = { id: randomUUID(), channel, locale, userId: null, state: newState(), turnNo: 0 }
  let last: Outcome | undefined
  const turn = async (given: Turn): Promise<Outcome> => {
    last = await takeTurn(given, conversation, own)
    conversation.turnNo++
    conversation.state = parseState(JSON.parse(JSON.stringify(last.state))) ?? newState()
    conversation.locale = last.commands?.find(command => command.do === 'speak')?.locale ?? conversation.locale
    return last
  }
  return {
    filed, turn, conversation,
    says: (text: string) => turn({ text }),
    /** Taps a button of the last answer by its label. */
    taps: (label: string) => {
      const choice = last?.replies.flatMap(reply => reply.choices ?? []).find(each => each.label === label)
      if (!choice) throw new Error(`no button “${label}” among ${last?.replies.flatMap(reply => reply.choices ?? []).map(each => each.label).join(' | ')}`)
      return turn({ choice: choice.id })
    },
    hasThread: (thread: ThreadFacts | undefined) => { conversation.thread = thread },
  }
}

/** All that an answer says. */
export const wordsOf = ({ replies }: Outcome): string => replies.map(({ text }) => text).join('\n')
export const buttonsOf = ({ replies }: Outcome): string[] => replies.flatMap(({ choices }) => choices ?? []).map(({ label }) => label)
export const cardOf = ({ replies }: Outcome, kind: string) => replies.find(({ card }) => card?.kind === kind)?.card
