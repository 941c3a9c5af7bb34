import type { Api } from 'grammy'
import { builtNouns, type Noun } from '#shared/features'
import { locales, type Locale } from '#shared/locales'
import { text } from '#server/texts'

/** The commands of the menu, each with the noun it appears with; what has none is the bot's own. Words for all of them: `chat.telegram.commands`. */
const commands: readonly { command: string, noun?: Noun }[] = [
  { command: 'report', noun: 'reports' }, { command: 'track', noun: 'reports' }, { command: 'alerts', noun: 'alerts' }, { command: 'check', noun: 'alerts' }, { command: 'patrols', noun: 'patrols' }, { command: 'rate', noun: 'ratings' }, { command: 'survey', noun: 'surveys' }, { command: 'officer', noun: 'communities' }, { command: 'ask', noun: 'knowledge' },
  { command: 'language' }, { command: 'exit' }, { command: 'delete', noun: 'accounts' }, { command: 'help' },
]

/** The menu in one language. */
export function commandMenu(locale: Locale) {
  return commands.filter(({ noun }) => noun === undefined || builtNouns.includes(noun)).map(({ command }) => ({ command, description: text(locale, `chat.telegram.commands.${command}`) }))
}

/** Tells Telegram the menu, in each language, and in English for all others. */
export async function tellCommands(api: Api): Promise<void> {
  await api.setMyCommands(commandMenu('en'))
  for (const { code } of locales) await api.setMyCommands(commandMenu(code), { language_code: code })
}
