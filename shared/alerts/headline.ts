import type { Locale } from '../locales.ts'
import { defaultLocale } from '../locales.ts'
import type { AlertContent, AlertText } from './published-alert.ts'

/** A drill must not be taken for the real thing: these are the first words of its headline everywhere. */
const exerciseWords: Record<Locale, string> = { zh: '【演练】', en: 'EXERCISE: ' }

/** The text to show, and the language it is in: not always the one that was asked for, and then the page says so. */
export function shownText({ texts }: Pick<AlertContent, 'texts'>, wanted: Locale): { text: AlertText, locale: Locale } {
  const text = texts[wanted]
  return text ? { text, locale: wanted } : { text: texts.zh, locale: defaultLocale }
}

/** The headline as people see it, with the words that mark a drill. */
export function shownHeadline(alert: Pick<AlertContent, 'texts' | 'isExercise'>, wanted: Locale): string {
  const { text, locale } = shownText(alert, wanted)
  return withExercise(text.headline, alert.isExercise, locale)
}

/** Marks a headline as one of a drill. */
export function withExercise(headline: string, isExercise: boolean, locale: Locale): string {
  return isExercise ? `${exerciseWords[locale]}${headline}` : headline
}
