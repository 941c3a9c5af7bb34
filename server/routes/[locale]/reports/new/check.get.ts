import { answersInWords } from '#shared/reports/question-text'
import type { CheckPage, StepFrame } from '#shared/reports/step-pages'
import { locatePlace } from '#server/domain/communities/locate-place'
import { findCategory } from '#server/domain/communities/get-reference-data'
import { listNearbyReports } from '#server/domain/reports/follow-report'
import { defineStepPage } from '../../../../http/report-step.ts'
import { optionalActor } from '../../../../http/require-actor.ts'

/** Check your answers; for public categories also what neighbours have reported nearby. */
export default defineStepPage<Omit<CheckPage, keyof StepFrame>>('check', async ({ event, services, reference, answers, draft, locale }) => {
  const category = findCategory(reference, answers.category ?? '')
  const { place, details, when, contact, reach } = answers
  const { community, grid } = place?.grid || place?.location || place?.community ? locatePlace(reference, place) : { community: undefined, grid: undefined }
  const nearby = category?.visibility === 'public' && grid ? await listNearbyReports(services, category.code, grid.id) : []
  return {
    category: { name: category?.name[locale] ?? '', isPublic: category?.visibility === 'public', urgency: category?.urgency ?? 'normal' },
    place: { community: community?.name[locale] ?? null, grid: grid?.name[locale] ?? null, address: place?.address ?? null, hasPoint: place?.location !== undefined },
    when, timeZone: reference.station?.time_zone ?? 'Asia/Shanghai',
    details: { description: details?.description ?? '', answers: category && details ? answersInWords(category, reference.communities, details.answers, locale) : [] },
    contact: { mode: contact?.mode ?? 'anonymous', ...(contact?.mode === 'anonymous' ? {} : reach), isSignedIn: contact?.mode !== 'anonymous' && await optionalActor(event) !== undefined },
    files: draft.files.map(({ id, mediaType, sizeBytes, sha256 }) => ({ id, mediaType, sizeBytes, sha256 })),
    nearby: nearby.map(({ reference, summary, status, received_on: receivedOn }) => ({ reference, summary, status, receivedOn })),
  }
})
