import { AppError } from '#shared/errors'
import { openQuestion } from '#shared/revisits/tracked-revisit'
import { instantInWords } from '#shared/reports/wall-time'
import { formatReceipt } from '#shared/reports/receipt'
import type { TrackedReport } from '#server/domain/reports/track-report'
import { text } from '#server/texts'
import type { ReportHandle } from '../chat-ports.ts'
import type { Dialogue } from '../dialogue-state.ts'
import { askStep } from '../filing/ask-step.ts'
import { fill, isStory, nextStep, readStory, reportInput, reportSlotsSchema, type ReportSlots } from '../filing/report-slots.ts'
import { summaryRows } from '../filing/report-summary.ts'
import { takeAnswer } from '../filing/take-answer.ts'
import { readReference } from '../slots/read-contact.ts'
import type { Reply } from '../turn.ts'
import { detectEmergency } from '../emergency/detect-emergency.ts'
import { beginDialogue, type Context, type Intent, type Move } from './intent.ts'

/** Filing a report: the story first, then only what is missing, then the check; nothing is sent before "send". */
export const report: Intent = {
  name: 'report',
  commands: ['report'],
  words: {
    zh: /^(?:我[要想]?|想要?|要|帮我)?(?:报案|报个案|举报|反映(?:情况|问题|一?个?事)?|投诉|提供线索|上报|报告)(?:一下|一件事|个事|点事)?[。！!]?$|^(?:报案|反映情况)[，,：:]/,
    en: /^(?:i (?:want|need|would like|'d like) to |please |can i |help me )?(?:report (?:something|a crime|a problem|an incident|it|this)|make a report|file a report|report)[.!?]?$/i,
  },
  async start(context, given) {
    const reference = await context.ports.reference()
    const empty = reportSlotsSchema.parse({})
    const story = given ? readStory(given, context.locale, context.ports.now(), reference) : {}
    const danger = given ? detectEmergency(given)?.kind : undefined
    const slots = fill({ ...empty, ...(given && isStory(given, context.locale) && { description: given }), ...(danger && { emergencyKind: danger }) }, story)
    const understood = Object.keys(story).length ? [{ text: context.say('report.understood', { facts: factsIn(slots, context, reference) }) }] : []
    const move = goOn(beginDialogue(context, 'report', 'category'), slots, context, reference)
    return { ...move, replies: [...opening(context), ...understood, ...move.replies] }
  },
  async next(context, dialogue) {
    const { turn, say, ports } = context
    const reference = await ports.reference()
    const parsed = reportSlotsSchema.safeParse(dialogue.slots)
    if (!parsed.success) return { replies: [{ text: say('startedAnew') }], dialogue: null }
    const slots = parsed.data
    if (turn.file && 'refused' in turn.file) return { replies: [{ text: say('report.fileTooLarge'), link: { href: `${ports.publicUrl}/${context.locale}/reports/track`, label: say('report.addOnWeb') } }, ...askStep(dialogue.step, slots, context, reference)], dialogue }
    if (dialogue.step === 'check') return atCheck(context, dialogue, slots)
    if (dialogue.step === 'change') {
      if (turn.choice === 'back') return goOn(dialogue, { ...slots, changing: undefined }, context, reference)
      const step = turn.choice
      return step ? { replies: askStep(step, cleared(slots, step), context, reference), dialogue: { ...dialogue, step, slots: { ...cleared(slots, step), changing: step } } } : { replies: askStep('change', slots, context, reference), dialogue }
    }
    const danger = turn.text ? detectEmergency(turn.text)?.kind : undefined
    // Who cries for help answers no question about the place or the money. What happened is told in such words, too.
    if (danger && !['category', 'description'].includes(dialogue.step)) return { replies: askStep(dialogue.step, slots, context, reference), dialogue: { ...dialogue, slots: { ...slots, emergencyKind: danger } } }
    let taken
    try {
      taken = await takeAnswer(dialogue.step, slots, context, reference)
    }
    catch (thrown) {
      if (!(thrown instanceof AppError && thrown.code === 'invalid')) throw thrown
      return { replies: [{ text: fileRefusal(thrown, context) }, ...askStep(dialogue.step, slots, context, reference)], dialogue }
    }
    if ('wrong' in taken) return { replies: [{ text: say(`report.wrong.${taken.wrong}`) }, ...askStep(dialogue.step, slots, context, reference)], dialogue, confidence: 0.4, isNoAnswer: true }
    return goOn(dialogue, { ...taken.slots, ...(danger && { emergencyKind: danger }) }, context, reference)
  },
}

/** A messenger is not end-to-end encrypted: said before anything is typed (PRODUCT §7). */
function opening({ conversation, say, ports, locale }: Context): Reply[] {
  return conversation.channel === 'telegram' ? [{ text: say('report.telegramWarning'), link: { href: `${ports.publicUrl}/${locale}/reports/new`, label: say('report.webForm') } }] : []
}

/** A report of which something is known already. */
export async function beginReport(context: Context, known: Partial<ReportSlots>): Promise<Move> {
  const move = goOn(beginDialogue(context, 'report', 'category'), { ...reportSlotsSchema.parse({}), ...known }, context, await context.ports.reference())
  return { ...move, replies: [...opening(context), ...move.replies] }
}

function goOn(dialogue: Dialogue, slots: ReportSlots, context: Context, reference: Awaited<ReturnType<Context['ports']['reference']>>): Move {
  const isTicking = slots.ticked.length > 0 && dialogue.step.startsWith('ask:')
  const step = isTicking ? dialogue.step : nextStep(slots, reference, { takesFiles: context.conversation.channel === 'telegram', isSignedIn: context.ports.isSignedIn })
  const kept = step === 'check' ? { ...slots, changing: undefined } : slots
  return { replies: askStep(step, kept, context, reference), dialogue: { ...dialogue, step, slots: kept } }
}

/** A line that is to be said again; a question of the category is asked again alone. */
function cleared(slots: ReportSlots, step: string): ReportSlots {
  if (step.startsWith('ask:')) {
    const code = step.slice(4)
    const { [code]: _, ...answers } = slots.answers
    return { ...slots, answers, skipped: slots.skipped.filter(each => each !== code), ticked: [] }
  }
  switch (step) {
    case 'description': return { ...slots, description: undefined }
    case 'place': return { ...slots, place: undefined }
    case 'when': return { ...slots, when: undefined }
    case 'files': return { ...slots, filesDone: false }
    case 'contact': return { ...slots, mode: undefined, reach: undefined }
    case 'reach': return { ...slots, reach: undefined }
    default: return slots
  }
}

function factsIn(slots: ReportSlots, { locale, say }: Context, reference: Awaited<ReturnType<Context['ports']['reference']>>): string {
  const category = reference.categories.find(({ code }) => code === slots.category)?.name[locale]
  const community = reference.communities.find(({ slug }) => slug === slots.place?.community)?.name[locale]
  const when = slots.when?.occurredText ?? (slots.when?.occurredAt && instantInWords(slots.when.occurredAt, reference.station?.time_zone ?? 'Asia/Shanghai', locale))
  return [category, when, community ?? slots.place?.address].filter(Boolean).join(say('report.comma'))
}

async function atCheck(context: Context, dialogue: Dialogue, slots: ReportSlots): Promise<Move> {
  const { turn, say, ports, locale } = context
  const reference = await ports.reference()
  const words = turn.text?.trim().toLowerCase() ?? ''
  if (turn.choice === 'change' || /^(?:改|修改|更改|change|edit)/.test(words)) return { replies: askStep('change', slots, context, reference), dialogue: { ...dialogue, step: 'change', slots } }
  if (turn.choice !== 'send' && !/^(?:发送?|提交|确认|可以|好的?|send|submit|yes|ok)[.!。！]?$/.test(words)) {
    // "The time is wrong, it was nine": the line that is named is asked again.
    const named = words && summaryRows(slots, context, reference).find(({ label }) => words.includes(label.toLowerCase()))
    if (named) return { replies: askStep(named.step, cleared(slots, named.step), context, reference), dialogue: { ...dialogue, step: named.step, slots: { ...cleared(slots, named.step), changing: named.step } } }
    return { replies: [{ text: say('report.wrong.check') }, ...askStep('check', slots, context, reference)], dialogue, isNoAnswer: true }
  }
  const { files, emergencyKind } = slots
  try {
    const filed = await ports.fileReport({ input: reportInput(slots, locale), files, idempotencyKey: `chat-report-${dialogue.id}`, ...(emergencyKind && { emergencyKind }) })
    const inWords = (at: string | undefined) => at ? instantInWords(at, filed.timeZone, locale, { isLimit: true }) : undefined
    return {
      dialogue: null, commands: [{ do: 'forget_words', fromTurn: dialogue.fromTurn }],
      replies: [
        {
          text: say('report.filed'), once: true,
          card: {
            kind: 'report', reference: filed.reference, receipt: formatReceipt(filed.receipt), isReporter: true,
            rows: [['firstLook', inWords(filed.firstLookBy)], ['answer', inWords(filed.answerBy)]].flatMap(([key, value]) => value ? [{ label: say(`report.next.${key}`), value }] : []),
          },
          link: { href: `${ports.publicUrl}/${locale}/reports/track`, label: say('report.followLink') },
          ...(context.conversation.channel === 'web' && { choices: [{ id: 'kept', label: say('report.kept') }] }),
        },
        ...(filed.waitsApart ? [{ text: say('report.waitsApart', { phone: reference.station?.phone ?? (await ports.emergencyNumbers()).police }) }] : []),
        ...(filed.isNobodyOnDuty ? [{ text: say('report.nobodyOnDuty', { number: (await ports.emergencyNumbers()).police }) }] : []),
      ],
    }
  }
  catch (thrown) {
    if (!(thrown instanceof AppError) || !['invalid', 'rate_limited'].includes(thrown.code)) throw thrown
    const wrong = Object.keys(thrown.fields)[0]
    const step = wrong?.startsWith('answers.') ? `ask:${wrong.slice(8)}` : wrong?.startsWith('contact') ? 'reach' : 'change'
    const reason = thrown.code === 'rate_limited' ? text(locale, 'errors.codes.rate_limited.detail', thrown.params) : say('report.wrong.refused')
    return { replies: [{ text: reason }, ...askStep(thrown.code === 'rate_limited' ? 'check' : step, cleared(slots, step), context, reference)], dialogue: thrown.code === 'rate_limited' ? dialogue : { ...dialogue, step, slots: cleared(slots, step) } }
  }
}

function fileRefusal({ fields }: AppError, { locale, say }: Context): string {
  const error = fields.file
  if (!error) return say('report.wrong.refused')
  return text(locale, error.key.includes('.') ? error.key : `errors.fields.${error.key}`, error.params)
}

/** Following a report: by reference and receipt, or one's own when signed in. */
export const track: Intent = {
  name: 'track',
  commands: ['track'],
  words: {
    zh: /^(?:我[要想]?|想|帮我)?(?:查|查询|查一下|看看|跟进)(?:一下)?(?:我的?)?(?:报案|报告|案件|案子|举报|提交的?|办理)?(?:的?(?:进度|进展|情况|结果|状态))?[。？?]?$|^(?:查(?:一下|查)?|看看?|问(?:一下|问)?)?我(?:的|报的?|反映的?)(?:那?件?事情?|案子?|报案)?(?:现在)?(?:有(?:没有)?(?:结果|进展|消息|回音)|(?:办|处理|查|进行)?(?:到哪(?:一步|里|儿)?|得?怎么?样|好|完))(?:了|没有?)?(?:了|吗|没)?[。？?]?$|^LL-?[0-9A-Z]{4}/i,
    en: /^(?:i want to |please |can i )?(?:track|follow|check)(?: (?:on )?(?:my|the|a) (?:report|case))?(?: status)?[.?!]?$|^(?:how is|how's|what about|any news (?:on|about)|what happened (?:to|with)|where is) my (?:report|case)(?: (?:going|doing|now))?[.?!]*$|^LL-?[0-9A-Z]{4}/i,
  },
  async start(context, given) {
    const { conversation, ports, say } = context
    const typed = readReference(given || context.turn.text || '')
    if (typed.reference && typed.receipt) return openBy(context, typed.reference, typed.receipt)
    const known = conversation.state.report
    if (known && !typed.reference) {
      const shown = await showReport(context, known)
      if (shown) return shown
    }
    const mine = ports.isSignedIn && !typed.reference ? await ports.listMyReports() : []
    const slots = typed.reference ? { reference: typed.reference } : {}
    const dialogue = beginDialogue(context, 'track', typed.reference ? 'receipt' : 'reference', slots)
    if (mine.length) return { replies: [{ text: say('track.which'), choices: mine.slice(0, 8).map(each => ({ id: `.${each.reference}`, label: `${each.reference} · ${text(context.locale, `reports.status.${each.status}`)}` })) }], dialogue }
    return { replies: [{ text: say(typed.reference ? 'track.receipt' : 'track.reference') }], dialogue }
  },
  async next(context, dialogue) {
    const { turn, say } = context
    const typed = readReference(turn.text ?? '')
    if (turn.choice && dialogue.step === 'reference') return await showReport(context, { reference: turn.choice }) ?? { replies: [{ text: say('track.notFound') }], dialogue }
    const reference = typed.reference ?? (typeof dialogue.slots.reference === 'string' ? dialogue.slots.reference : undefined)
    if (reference && typed.receipt) return openBy(context, reference, typed.receipt, dialogue)
    if (reference && dialogue.step === 'reference') return { replies: [{ text: say('track.receipt') }], dialogue: { ...dialogue, step: 'receipt', slots: { reference } } }
    return { replies: [{ text: say(dialogue.step === 'receipt' ? 'track.receiptAgain' : 'track.referenceAgain') }], dialogue, confidence: 0.4, isNoAnswer: true }
  },
}

/** A receipt stands in no state and in no kept words (RULES C2): it opens a view session, and that is remembered. */
async function openBy(context: Context, reference: string, receipt: string, dialogue?: Dialogue): Promise<Move> {
  const { ports, say, locale } = context
  try {
    const { token, report: tracked } = await ports.openReport({ reference, receipt })
    return { ...shown(context, tracked), remember: { report: { reference: tracked.reference, token } }, commands: [{ do: 'hide_words' }], dialogue: null }
  }
  catch (thrown) {
    if (!(thrown instanceof AppError) || !['not_found', 'rate_limited'].includes(thrown.code)) throw thrown
    const reason = thrown.code === 'rate_limited' ? text(locale, 'errors.codes.rate_limited.detail', thrown.params) : say('track.notFound')
    return { replies: [{ text: reason }], dialogue: dialogue ?? null, commands: [{ do: 'hide_words' }] }
  }
}

/** What the report says now, or undefined when the view is over. */
async function showReport(context: Context, handle: ReportHandle): Promise<Move | undefined> {
  try {
    const tracked = await context.ports.readReport(handle)
    return { ...shown(context, tracked), remember: { report: handle.token ? { reference: handle.reference, token: handle.token } : { reference: handle.reference, token: '' } }, dialogue: null }
  }
  catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not_found') return undefined
    throw thrown
  }
}

function shown({ say, locale, ports }: Context, tracked: TrackedReport): Move {
  const at = (instant: string) => instantInWords(instant, tracked.timeZone, locale)
  const news = tracked.timeline.findLast(({ text: words, by }) => words && by === 'staff')
  const running = tracked.clock.find(({ state }) => state === 'running' || state === 'overdue')
  const letters = tracked.messages.slice(-3)
  const asked = tracked.viewer === 'reporter' ? openQuestion(tracked.revisits) : undefined
  const mayWrite = tracked.viewer === 'reporter'
  return {
    replies: [
      {
        text: text(locale, `reports.state.${tracked.status}`),
        card: {
          kind: 'report', reference: tracked.reference, status: tracked.status, ...(mayWrite && { isReporter: true }),
          rows: [
            { label: say('track.lines.status'), value: text(locale, `reports.status.${tracked.status}`) },
            { label: say('track.lines.received'), value: at(tracked.receivedAt) },
            ...(news?.text ? [{ label: say('track.lines.news'), value: news.text }] : []),
            ...(running ? [{ label: say(`report.next.${running.kind === 'first_look' ? 'firstLook' : 'answer'}`), value: instantInWords(running.dueAt, tracked.timeZone, locale, { isLimit: true }) }] : []),
          ],
        },
        link: { href: `${ports.publicUrl}/${locale}/reports/track`, label: say('track.page') },
      },
      ...letters.map(letter => ({ text: say(letter.author === 'staff' ? 'track.letterFromUs' : 'track.letterFromYou', { at: at(letter.at), text: letter.text }) })),
      ...(mayWrite
        ? [{
            text: say(asked ? 'track.nextAsked' : 'track.next'),
            choices: [
              ...(asked ? [{ id: 'start.answer', label: say('track.answer') }] : []),
              { id: 'start.message', label: say('track.write') },
              ...(tracked.status === 'resolved' || tracked.status === 'closed' ? [] : [{ id: 'start.withdraw', label: say('track.withdraw') }]),
            ],
          }]
        : []),
    ],
  }
}

/** The report that is open, or the words that ask for one. */
export function openedReport({ conversation, say }: Context): { handle: ReportHandle } | { ask: Move } {
  const { report: known } = conversation.state
  if (!known) return { ask: { replies: [{ text: say('track.openFirst'), choices: [{ id: 'start.track', label: say('menu.track') }] }] } }
  return { handle: { reference: known.reference, ...(known.token && { token: known.token }) } }
}

/** A view that ended while somebody wrote. */
export async function withOpened(context: Context, run: (handle: ReportHandle) => Promise<Move>): Promise<Move> {
  const opened = openedReport(context)
  if ('ask' in opened) return opened.ask
  try {
    return await run(opened.handle)
  }
  catch (thrown) {
    if (thrown instanceof AppError && thrown.code === 'not_found') return { replies: [{ text: context.say('track.viewOver'), choices: [{ id: 'start.track', label: context.say('menu.track') }] }], dialogue: null, remember: { report: undefined } }
    throw thrown
  }
}

/** A letter to the officers who have the report. */
export const message: Intent = {
  name: 'message',
  commands: ['message'],
  words: { zh: /^(?:我?[要想]?)?(?:给民警)?(?:写信|留言|发消息|补充(?:情况|信息|说明)?)[。]?$/, en: /^(?:write|send|leave) (?:a )?(?:message|letter|note)(?: to (?:the )?(?:police|officer|station))?[.]?$|^add (?:information|details)[.]?$/i },
  async start(context) {
    return withOpened(context, async ({ reference }) => ({ replies: [{ text: context.say('message.write', { reference }) }], dialogue: beginDialogue(context, 'message', 'text') }))
  },
  async next(context, dialogue) {
    const { turn, say, ports } = context
    const draft = typeof dialogue.slots.text === 'string' ? dialogue.slots.text : undefined
    if (turn.file) {
      if ('refused' in turn.file) return { replies: [{ text: say('report.fileTooLarge'), link: { href: `${ports.publicUrl}/${context.locale}/reports/track`, label: say('report.addOnWeb') } }], dialogue }
      const { file } = turn
      return withOpened(context, async (handle) => {
        try {
          await ports.addFile(handle, file)
          return { replies: [{ text: say('message.fileAdded') }], dialogue }
        }
        catch (thrown) {
          if (!(thrown instanceof AppError && thrown.code === 'invalid')) throw thrown
          return { replies: [{ text: fileRefusal(thrown, context) }], dialogue }
        }
      })
    }
    if (dialogue.step === 'check' && turn.choice === 'send' && draft) {
      return withOpened(context, async (handle) => {
        await ports.writeMessage(handle, { text: draft, messageId: dialogue.id })
        return { replies: [{ text: say('message.sent') }], dialogue: null, commands: [{ do: 'forget_words', fromTurn: dialogue.fromTurn }] }
      })
    }
    if (!turn.text?.trim()) return { replies: [{ text: say('message.again') }], dialogue: { ...dialogue, step: 'text' } }
    const words = turn.text.trim()
    return {
      replies: [{ text: say('message.check', { text: words }), choices: [{ id: '.send', label: say('message.send') }, { id: '.again', label: say('message.change') }, { id: '.cancel', label: say('cancel') }] }],
      dialogue: { ...dialogue, step: 'check', slots: { text: words } },
    }
  },
}

/** Taking a report back. */
export const withdraw: Intent = {
  name: 'withdraw',
  commands: ['withdraw'],
  words: { zh: /^(?:我?[要想]?)?(?:撤回|撤案|撤销)(?:报案|报告|我的报告)?[。]?$/, en: /^(?:i want to )?(?:withdraw|take back)(?: my| the)?(?: report)?[.]?$/i },
  async start(context) {
    return withOpened(context, async ({ reference }) => ({
      replies: [{ text: context.say('withdraw.check', { reference }), choices: [{ id: '.yes', label: context.say('withdraw.yes') }, { id: '.cancel', label: context.say('withdraw.no') }] }],
      dialogue: beginDialogue(context, 'withdraw', 'check'),
    }))
  },
  async next(context, dialogue) {
    const { turn, say, ports } = context
    if (turn.choice !== 'yes') return { replies: [{ text: say('withdraw.again'), choices: [{ id: '.yes', label: say('withdraw.yes') }, { id: '.cancel', label: say('withdraw.no') }] }], dialogue }
    return withOpened(context, async (handle) => {
      try {
        await ports.withdraw(handle)
      }
      catch (thrown) {
        // Withdrawn by the same tap, before a crash: the resident hears the same.
        if (!(thrown instanceof AppError) || !['already_withdrawn', 'already_closed'].includes(thrown.code)) throw thrown
        return { replies: [{ text: say(thrown.code === 'already_withdrawn' ? 'withdraw.done' : 'withdraw.closed') }], dialogue: null }
      }
      return { replies: [{ text: say('withdraw.done') }], dialogue: null }
    })
  },
}
