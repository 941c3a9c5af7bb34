import { definitionSchema, type SurveyDefinition } from '#shared/surveys/definition'

export const words = (zh: string, en = zh) => ({ zh, en })
export const aSingle = (code: string, options: readonly string[], more: object = {}) => ({ kind: 'single', code, label: words(code), options: options.map(each => ({ code: each, label: words(each) })), ...more })
export const aMulti = (code: string, options: readonly string[], more: object = {}) => ({ ...aSingle(code, options, more), kind: 'multi' })
export const aScale = (code: string, more: object = {}) => ({ kind: 'scale', code, label: words(code), from: 1, to: 5, low: words('差', 'poor'), high: words('好', 'good'), ...more })
export const aMatrix = (code: string, rows: readonly string[], options: readonly string[], more: object = {}) => ({ ...aSingle(code, options, more), kind: 'matrix', rows: rows.map(each => ({ code: each, label: words(each) })) })
export const aNumber = (code: string, more: object = {}) => ({ kind: 'number', code, label: words(code), min: 0, max: 120, ...more })
export const aText = (code: string, more: object = {}) => ({ kind: 'text', code, label: words(code), ...more })
export const goTo = (target: string, question: string, op: string, value?: string | number) => ({ if: { question, op, ...value === undefined ? {} : { value } }, goTo: target })

/** A survey of these questions, as the desk would send it. */
export const aSurvey = (...questions: object[]): SurveyDefinition => definitionSchema.parse({ title: words('公众安全感', 'How safe we feel'), questions })
