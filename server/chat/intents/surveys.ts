import type { SurveyFigure } from '../chat-ports.ts'
import type { Intent } from './intent.ts'

const mostLinks = 3

/** `/survey`: which surveys are open and where one answers. Never here: an answer in a chat would stand beside the chat's own number. Links of a linked account carry its right to a ballot. */
export const takeSurvey: Intent = {
  name: 'takeSurvey',
  commands: ['survey'],
  isAside: true,
  words: {
    zh: /^(?:我?(?:要|想)?(?:填|填写|做|参加|回答)(?:一下|一份|个)?(?:公众)?(?:安全感)?(?:问卷|调查)(?:调查)?|(?:现在)?(?:还)?(?:有)?(?:没有|什么|哪些)?(?:公众)?(?:安全感)?(?:问卷|调查问卷|问卷调查|安全感调查)(?:可以填|要填)?(?:吗)?)[。？?！!]?$/,
    en: /^(?:(?:i (?:want|would like) to )?(?:take|answer|fill in|do) (?:a |an |the |your )?(?:open )?(?:safety )?surveys?|(?:open |safety )?surveys?|(?:are there |which |what )(?:any )?(?:open )?surveys?(?: are (?:open|there))?)[.?!]?$/i,
  },
  async start({ ports, locale, say }) {
    const open = await ports.surveys.open()
    const [only] = open
    if (!only) return { replies: [{ text: say('surveys.none'), link: { href: `${ports.publicUrl}/${locale}/surveys`, label: say('surveys.all') } }] }
    const { station } = await ports.reference()
    const day = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeZone: station?.time_zone ?? 'Asia/Shanghai' })
    const line = ({ title, closesAt }: typeof only) => say('surveys.open', { title: title[locale], day: day.format(new Date(closesAt)) })
    const own = await ports.ballotPass?.()
    const mine = open.filter(({ id }) => own?.surveys.includes(id))
    if (own && mine.length) {
      const links = mine.slice(0, mostLinks).map(survey => ({ text: line(survey), link: { href: `${ports.publicUrl}/${locale}/surveys/${survey.id}?pass=${own.pass}`, label: say('surveys.page') } }))
      return { replies: [{ text: `${say('surveys.how')}\n${say('ratings.pass')}` }, ...links] }
    }
    const page = open.length === 1 ? { href: `${ports.publicUrl}/${locale}/surveys/${only.id}`, label: say('surveys.page') } : { href: `${ports.publicUrl}/${locale}/surveys`, label: say('surveys.all') }
    return { replies: [{ text: [...open.map(line), say('surveys.how'), say('surveys.plain')].join('\n'), link: page }] }
  },
}

/** What the last survey found, in words: what is published, and nothing else. */
export const surveyFindings: Intent = {
  name: 'surveyFindings',
  commands: [],
  isAside: true,
  words: {
    zh: /^(?:看|查|查看|看看)?(?:上次|最近)?(?:的)?(?:公众)?(?:安全感)?(?:问卷|调查)(?:调查)?(?:的)?结果(?:是什么|怎么样|如何)?[。？?]?$|^(?:大家|居民)(?:的)?(?:觉得)?(?:这里|社区|我们社区)?(?:的)?(?:安全感|安不安全)(?:是多少|怎么样|如何|高吗)?[。？?]?$/,
    en: /^(?:show (?:me )?)?(?:the )?(?:survey results?|results of the (?:last |latest )?(?:safety )?survey)[.?]?$|^how safe do (?:people|residents) feel(?: here)?[.?]?$/i,
  },
  async start({ ports, locale, say }) {
    const found = await ports.surveys.latest()
    if (!found) return { replies: [{ text: say('surveys.noResults'), link: { href: `${ports.publicUrl}/${locale}/surveys`, label: say('surveys.all') } }] }
    const sentence = ({ question, answers, percent, low, high, base }: SurveyFigure) => say('surveys.figure', { question: question[locale], answers: answers.map(answer => answer[locale]).join(say('surveys.or')), percent, low, high, base })
    return { replies: [{ text: [say('surveys.found', { title: found.title[locale] }), ...found.figures.map(sentence), say('surveys.small')].join('\n'), link: { href: `${ports.publicUrl}/${locale}/surveys/${found.id}/results`, label: say('surveys.resultsPage') } }] }
  },
}
