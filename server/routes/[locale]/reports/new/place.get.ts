import type { PlacePage } from '#shared/reports/step-pages'
import { defineStepPage } from '../../../../http/report-step.ts'

/** Where was it? A grid from the list or the map, an address in words, or unknown. */
export default defineStepPage<Pick<PlacePage, 'communities' | 'answer'>>('place', ({ reference, answers }) => ({ communities: reference.communities, answer: answers.place }))
