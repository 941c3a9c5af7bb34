import type { Question } from '#shared/surveys/definition'
import type { SurveyResults } from '#shared/surveys/survey-results'
import type { Services } from '#server/domain/services'
import { getSurveyResults, listSurveys } from '#server/domain/surveys/show-surveys'
import type { SurveyFigure, SurveysHere } from './chat-ports.ts'

const mostFigures = 3

/** What is asked now and what was found last: published, and the same for everybody. */
export function surveysInChat(services: Services): SurveysHere {
  return {
    open: async () => (await listSurveys(services)).surveys.filter(({ state }) => state === 'open').map(({ id, title, closesAt }) => ({ id, title, closesAt })),
    async latest() {
      const { surveys } = await listSurveys(services)
      for (const { id, title } of surveys.filter(({ state }) => state === 'closed')) {
        const results = await getSurveyResults(services, id)
        if (results.releasedAt !== null) return { id, title, figures: figuresOf(results) }
      }
      return undefined
    },
  }
}

/** The shares that are spoken of, in the order of the questions. */
function figuresOf({ survey, questions }: SurveyResults): SurveyFigure[] {
  return questions.flatMap(({ question: code, row, option, trend }) => {
    const question = survey.definition.questions.find(each => each.code === code)
    const own = trend.at(-1)
    if (!question || row !== null || option !== null || own?.survey !== survey.id || !own.rate || own.base === null) return []
    return [{ question: question.label, answers: headlineWords(question), base: own.base, ...own.rate }]
  }).slice(0, mostFigures)
}

function headlineWords(question: Question): SurveyFigure['answers'] {
  if (!('headline' in question) || !question.headline) return []
  return question.headline.map(code => ('options' in question ? question.options.find(option => option.code === code)?.label : undefined) ?? { zh: code, en: code })
}
