import type { Intent } from './intent.ts'

/** `/rate`: where one rates the community officer. Never here: an answer in a chat would stand beside the chat's own number. The link of a linked account carries its right to a ballot. */
export const rateOfficer: Intent = {
  name: 'rateOfficer',
  commands: ['rate'],
  isAside: true,
  words: {
    zh: /^(?:我?(?:要|想)?(?:给|为)?(?:评|评价|评议|打分)(?:一下)?(?:社区|我们社区|我的)?(?:的)?(?:社区)?民警(?:打分)?|(?:给|为)?社区民警(?:打分|评分|评价)|(?:民警)?评议|开门评警)[。！!]?$/,
    en: /^(?:(?:i (?:want|would like) to )?rate (?:my |the |our )?(?:community )?officer|(?:officer )?ratings?)[.!]?$/i,
  },
  async start({ ports, locale, say, conversation: { state } }) {
    const own = await ports.ballotPass?.()
    const page = `${ports.publicUrl}/${locale}/ratings`
    if (own?.community) return { replies: [{ text: `${say('ratings.how')}\n${say('ratings.pass')}`, link: { href: `${page}?community=${own.community}&pass=${own.pass}`, label: say('ratings.page') } }] }
    return { replies: [{ text: say('ratings.how'), link: { href: state.community ? `${page}?community=${state.community}` : page, label: say('ratings.page') } }] }
  },
}

/** What came out of the ratings so far: what is published, and nothing else. */
export const ratingResults: Intent = {
  name: 'ratingResults',
  commands: [],
  isAside: true,
  words: {
    zh: /^(?:看|查看?|看看)?(?:社区)?民警(?:的)?(?:评议|评分|评价|满意度)(?:结果|情况|是多少|怎么样)?[。？?]?$|^(?:评议|满意度)结果(?:是什么)?[。？?]?$/,
    en: /^(?:show (?:me )?)?(?:the )?(?:results of the )?(?:officers?'? )?(?:rating results|ratings of (?:the )?(?:community )?officers?)[.?]?$/i,
  },
  async start({ ports, locale, say }) {
    return { replies: [{ text: say('ratings.results'), link: { href: `${ports.publicUrl}/${locale}/ratings/results`, label: say('ratings.resultsPage') } }] }
  },
}
