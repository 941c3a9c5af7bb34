import type { Category, Community, Question, QuestionVersion } from '../communities/reference-data.ts'
import type { Locale } from '../locales.ts'

/** A category's own question in one language, as a form shows it. */
export interface QuestionText {
  code: string
  kind: 'text' | 'number' | 'single' | 'multi'
  label: string
  hint: string | undefined
  isRequired: boolean
  options: { value: string, label: string }[]
}

/** The questions of a category in one language. "Which officer?" becomes a choice among those whom the community cards name. */
export function questionTexts({ questions }: Category, communities: readonly Community[], locale: Locale): QuestionText[] {
  return questions.map(question => ({
    code: question.code, kind: question.kind === 'officer' ? 'single' : question.kind, label: question.label[locale], hint: question.hint?.[locale], isRequired: question.is_required,
    options: optionsOf(question, communities).map(({ code, label }) => ({ value: code, label: label[locale] })),
  }))
}

type AskedQuestion = Pick<Question, 'code' | 'kind' | 'label' | 'options'>

/** The questions as somebody was asked who filed at that moment: what was changed or taken away since still says what it said. */
export function questionsAskedAt({ questions, versions }: Pick<Category, 'questions' | 'versions'>, filedAt: string): AskedQuestion[] {
  const earlier = new Map<string, QuestionVersion>()
  // Oldest first: the first that ends after the filing is the one that was asked.
  for (const version of versions) if (!earlier.has(version.code) && Date.parse(version.until) > Date.parse(filedAt)) earlier.set(version.code, version)
  const asked = questions.map(question => earlier.get(question.code) ?? question)
  return [...asked, ...[...earlier.values()].filter(({ code }) => !questions.some(question => question.code === code))]
}

/** Answers with their questions, in words; what was not answered is left out. @param filedAt when they were given, unless it is now */
export function answersInWords(category: Category, communities: readonly Community[], answers: Record<string, string | string[]>, locale: Locale, filedAt?: string): { label: string, value: string }[] {
  const asked: readonly AskedQuestion[] = filedAt === undefined ? category.questions : questionsAskedAt(category, filedAt)
  return asked.flatMap((question) => {
    const given = [answers[question.code] ?? []].flat()
    if (!given.length) return []
    const options = optionsOf(question, communities)
    const words = given.map(value => options.find(({ code }) => code === value)?.label[locale] ?? value)
    return [{ label: question.label[locale], value: words.join(locale === 'zh' ? '、' : ', ') }]
  })
}

const optionsOf = (question: AskedQuestion, communities: readonly Community[]) => question.kind !== 'officer'
  ? question.options
  : communities.flatMap(({ officers }) => officers).filter(({ id }, index, all) => all.findIndex(other => other.id === id) === index)
      .map(({ id, name, badge_number: badge }) => ({ code: id, label: { zh: `${name.zh}（${badge}）`, en: `${name.en} (${badge})` } }))
