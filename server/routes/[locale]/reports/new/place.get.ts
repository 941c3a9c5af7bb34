import type { PlacePage } from '#shared/reports/step-pages'
import { defineStepPage } from '../../../../http/report-step.ts'

/** Where was it? A grid of a community, an address in words, or a point on the map. */
export default defineStepPage<Pick<PlacePage, 'communities' | 'answer'>>('place', ({ reference, answers, locale }) => ({
  communities: reference.communities.map(({ name, grids }) => ({ name: name[locale], choices: grids.map(grid => ({ value: grid.id, label: grid.name[locale] })) })),
  answer: answers.place,
}))
