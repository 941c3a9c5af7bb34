import { localeCodes, locales } from '#shared/locales'
import { beginDialogue, type Intent } from './intent.ts'

/** Another language, at any moment; what was going on goes on in it. */
export const language: Intent = {
  name: 'language',
  commands: ['language'],
  isAside: true,
  words: { zh: /^(?:换|切换|改)?(?:语言|成?英文|成?英语|english)[。]?$/i, en: /^(?:change |switch )?(?:language|to chinese|chinese|中文)[.]?$/i },
  async start({ say, locale, turn }, given) {
    const wanted = `${given} ${turn.text ?? ''}`
    const named = /english|英/i.test(wanted) ? 'en' : /中文|chinese/i.test(wanted) ? 'zh' : undefined
    if (named && named !== locale) return { replies: [], commands: [{ do: 'speak', locale: named }] }
    return { replies: [{ text: say('language.which'), choices: locales.map(({ code, name }) => ({ id: `language.${code}`, label: name })) }] }
  },
}

/** The language that a choice names. */
export const languageOf = (choice: string) => localeCodes.find(code => choice === `language.${code}`)

/** What is kept, and how to have it deleted. */
export const data: Intent = {
  name: 'data',
  commands: ['data'],
  words: { zh: /^我的(?:数据|个人信息|信息|资料)[。？?]?$/, en: /^my data[.?]?$/i },
  async start({ say, locale, ports }) {
    return { replies: [{ text: say('data.kept'), choices: [{ id: 'start.delete', label: say('data.delete') }], link: { href: `${ports.publicUrl}/${locale}/privacy`, label: say('data.page') } }] }
  },
}

/** Deletes this conversation and what people at the station were told in it. Reports stay: they have their own term. */
export const remove: Intent = {
  name: 'delete',
  commands: ['delete'],
  words: { zh: /^(?:删除|清空|抹掉)(?:我的?)?(?:数据|聊天记录|聊天|记录)[。]?$/, en: /^(?:delete|erase|clear) (?:my data|(?:this |my )?chat(?: history)?)[.]?$/i },
  async start(context) {
    const { say } = context
    return { replies: [{ text: say('delete.check'), choices: [{ id: '.yes', label: say('delete.yes') }, { id: '.cancel', label: say('delete.no') }] }], dialogue: beginDialogue(context, 'delete', 'check') }
  },
  async next({ turn, say }, dialogue) {
    if (turn.choice === 'yes') return { replies: [{ text: say('delete.done') }], dialogue: null, commands: [{ do: 'forget', erasesThreads: true }] }
    return { replies: [{ text: say('delete.check'), choices: [{ id: '.yes', label: say('delete.yes') }, { id: '.cancel', label: say('delete.no') }] }], dialogue }
  },
}
