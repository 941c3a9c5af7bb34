import type { Choice } from '#shared/chat/reply'
import type { FoundArticle, Finding } from '../retrieval/article-finder.ts'
import { beginDialogue, type Context, type Intent, type Move } from './intent.ts'

/** What can be done about the matter of an article, right here. */
const actions: Record<string, string> = {
  'report-online': 'report', 'report-anonymous': 'report', 'ebike-theft': 'report', 'home-burgled': 'report', 'pickpocketing': 'report', 'stolen-goods': 'report', 'drugs': 'report', 'gambling': 'report',
  'noise-complaint': 'report', 'neighbour-dispute': 'report', 'domestic-violence': 'report', 'school-bullying': 'report', 'telecom-fraud': 'report', 'refund-scam': 'report', 'part-time-job-scam': 'report',
  'impersonating-police-scam': 'report', 'elderly-scams': 'report', 'money-already-transferred': 'report', 'lost-property': 'report', 'found-property': 'report', 'ebike-charging': 'report', 'fire-safety': 'report',
  'complain-about-handling': 'report', 'dogs': 'report', 'fireworks': 'report', 'minors-online': 'report',
  'track-report': 'track', 'receipt-lost': 'track', 'add-evidence': 'track', 'case-revisit': 'answer', 'find-officer': 'officer', 'my-data': 'data',
}

/** Asking a question, or being asked for one. */
export const ask: Intent = {
  name: 'ask',
  commands: ['ask'],
  words: { zh: /^(?:我?(?:想|有)(?:问|个问题|咨询)(?:一下|个问题)?|咨询)[。？?]?$/, en: /^(?:i have a question|ask(?: a question)?|question)[.?]?$/i },
  async start(context, given) {
    if (given) return answerQuestion(context, given)
    return { replies: [{ text: context.say('ask.what') }], dialogue: beginDialogue(context, 'ask', 'question') }
  },
  next: async (context, dialogue) => context.turn.text ? { dialogue: null, ...await answerQuestion(context, context.turn.text) } : { replies: [{ text: context.say('ask.what') }], dialogue },
}

/** The knowledge base's answer: an article, "did you mean", or that there is none. */
export async function answerQuestion(context: Context, question: string): Promise<Move> {
  const finder = await context.ports.articles()
  return moveOf(context, await finder.find(question, context.locale), question)
}

/** What a finding comes to: two misses in a row lead to a person. */
async function moveOf(context: Context, finding: Finding, question: string): Promise<Move> {
  const { say, conversation: { state } } = context
  const titled = (found: FoundArticle[]): Choice[] => found.map(({ slug, title }) => ({ id: `article.${slug}`, label: title }))
  const [first, ...others] = finding.articles
  if (finding.decision === 'answer' && first) return { ...showArticle(context, first, others), confidence: finding.confidence, remember: { misses: 0, question } }
  if (finding.decision === 'choices' && first) {
    const offered = finding.articles.slice(0, 3)
    return {
      // In the words as well: they stay in the history, and are what an officer gets to read.
      replies: [{ text: [say('fallback.didYouMean'), ...offered.map(({ title }, at) => `${at + 1}. ${title}`)].join('\n'), choices: [...titled(offered), { id: 'none', label: say('fallback.none') }] }],
      confidence: finding.confidence, remember: { misses: state.misses, question },
    }
  }
  return { ...await missed(context, state.misses), confidence: finding.confidence, remember: { misses: state.misses + 1, question } }
}

/** Nothing fits: once it asks to say it otherwise, then a person is offered. */
export async function missed(context: Context, misses: number): Promise<Move> {
  const { say } = context
  if (misses === 0) return { replies: [{ text: say('fallback.rephrase'), choices: [{ id: 'start.person', label: say('menu.person') }, { id: 'start.report', label: say('menu.report') }] }] }
  const { handOverQuestion } = await import('./chat.ts')
  const asked = await handOverQuestion(context)
  return { ...asked, replies: [{ text: say('fallback.handOver') }, ...asked.replies] }
}

/** An article as an answer: what matters in a sentence, the whole of it behind a link, and what can be done here. */
export function showArticle({ say, locale, ports }: Context, article: FoundArticle, others: FoundArticle[] = []): Move {
  const action = actions[article.slug]
  return {
    article: article.slug,
    replies: [{
      text: `${article.title}\n${article.summary}`, article: article.slug,
      link: { href: `${ports.publicUrl}/${locale}/safety/${article.slug}`, label: say('ask.readAll') },
      choices: [
        ...(action ? [{ id: `start.${action}`, label: say(`menu.${action === 'report' ? 'reportThis' : action}`) }] : []),
        ...others.slice(0, 2).map(({ slug, title }) => ({ id: `article.${slug}`, label: title })),
        { id: 'none', label: say('fallback.notThis') },
      ],
    }],
  }
}
