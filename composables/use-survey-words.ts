import { cannotSay } from '#shared/surveys/cannot-say'
import { categoriesOf } from '#shared/surveys/tabulate'
import type { Question } from '#shared/surveys/definition'

/** Answers and periods of surveys in the page's language. */
export function useSurveyWords() {
  const { t, locale } = useI18n()

  /** A category of a question, as it is counted: an option, a point of a scale with its word, a band of numbers. */
  function answer(question: Question, code: string): string {
    if (code === cannotSay) return t('surveys.cannotSay')
    if (question.kind === 'number') return band(categoriesOf(question), code)
    if (question.kind === 'scale') return code === String(question.from) ? `${code} · ${question.low[locale.value]}` : code === String(question.to) ? `${code} · ${question.high[locale.value]}` : code
    return ('options' in question && question.options.find(option => option.code === code)?.label[locale.value]) || code
  }

  /** A band is named by its lower end; the next one begins where it ends. */
  function band(lowers: readonly string[], lower: string): string {
    const next = lowers[lowers.indexOf(lower) + 1]
    return next === undefined ? t('surveys.results.orMore', { from: lower }) : t('surveys.results.fromTo', { from: lower, to: Number(next) - 1 })
  }

  return {
    answer,
    month: (day: string) => new Intl.DateTimeFormat(locale.value === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: 'UTC', month: 'short', year: 'numeric' }).format(new Date(`${day}T00:00:00Z`)),
    /** The answers that are spoken of together. */
    headline: (question: Question) => 'headline' in question && question.headline ? question.headline.map(code => answer(question, code)).join(locale.value === 'zh' ? '、' : ', ') : '',
  }
}
