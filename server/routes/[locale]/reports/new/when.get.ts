import type { WhenPage } from '#shared/reports/step-pages'
import { dayOf } from '#shared/reports/wall-time'
import { defineStepPage } from '../../../../http/report-step.ts'

/** When was it? */
export default defineStepPage<Pick<WhenPage, 'answer' | 'today'>>('when', ({ reference, answers }) => ({
  answer: answers.when, today: dayOf(new Date().toISOString(), reference.station?.time_zone ?? 'Asia/Shanghai'),
}))
