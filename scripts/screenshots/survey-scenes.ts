import type { Page } from '@playwright/test'
import { safetySurvey } from '#shared/surveys/question-bank'
import { aVerifiedResident, newPassword } from '../../tests/arrange-rating.ts'
import { closeSurvey, openSurvey } from '../../tests/arrange-survey.ts'
import { rawPool } from '../../tests/bench/station.ts'
import { signIn, type Stage } from './stage.ts'

/** The survey of safety as a verified resident answers it on their phone, and what two rounds of it found. */
export async function answerSurveys(page: Page, { url, portal, locale, shoot }: Stage): Promise<void> {
  const survey = await openSurvey(portal, { definition: safetySurvey })
  const open = async (name: string, path: string) => {
    await page.goto(`${url}/${locale}${path}`, { waitUntil: 'networkidle' })
    await shoot(name)
  }
  await open('surveys', '/surveys')
  await open('survey-guest', `/surveys/${survey}`)
  await signIn(page, url, await aVerifiedResident(portal), newPassword)
  await open('survey-start', `/surveys/${survey}`)
  const next = () => page.locator('form button[type=submit]:visible').first().click()
  await next()
  await shoot('survey-question')
  await next()
  await shoot('survey-required')
  await page.locator('[value=safe]:visible').check()
  await next()
  await next()
  await shoot('survey-several')
  for (let step = 0; step < 4; step++) await next()
  await shoot('survey-matrix')
  await page.locator('[value=stop]:visible').click()
  await shoot('survey-check')
  await next()
  await page.waitForTimeout(1500)
  await shoot('survey-waiting')
  await page.waitForURL(/did=ballot/, { timeout: 40_000 })
  await shoot('survey-counted')

  const earlier = await openSurvey(portal, { definition: safetySurvey, series: survey })
  const pool = rawPool(portal, 1)
  for (const [id, shift] of [[survey, 0], [earlier, 1]] as const) {
    await pool.query(`insert into private.survey_responses (survey_id, community_id, source, answers, marks, day)
      select $1, c.id, case when n % 9 = 0 then 'open' else 'ballot' end, jsonb_build_object('sense_of_safety', (array['very_safe', 'safe', 'safe', 'basically_safe', 'not_very_safe', 'unsafe'])[1 + (n + $2) % 6], 'walk_after_dark', (array['very_safe', 'fairly_safe', 'bit_unsafe', 'very_unsafe', 'cannot_say'])[1 + (n * 3 + $2) % 5],
        'worries', (array['["fraud", "ebike_theft"]', '["traffic"]', '["fraud", "noise"]', '["nothing"]'])[1 + n % 4]::jsonb, 'police_here', jsonb_build_object('respect', (array['agree', 'strongly_agree', 'neither', 'disagree'])[1 + n % 4], 'fair', (array['agree', 'neither'])[1 + n % 2]), 'age', 18 + n % 60), '{}', current_date
      from public.communities c, generate_series(1, 90) n where c.slug in ('ping-an', 'chang-le')`, [id, shift])
  }
  await pool.query('insert into private.census_counts (community_id, age_from, residents, as_of) select c.id, a, 900 + a * 10, current_date from public.communities c, unnest(array[16, 30, 45, 60]) a where c.slug in (\'ping-an\', \'chang-le\') on conflict do nothing')
  await pool.end()
  await closeSurvey(portal, earlier)
  await closeSurvey(portal, survey)
  await open('survey-results', `/surveys/${survey}/results`)

  const invited = await openSurvey(portal, { mode: 'invited' })
  await page.context().clearCookies()
  await signIn(page, url, 'lead@demo.linli', 'linli-demo')
  await open('desk-surveys', '/desk/surveys')
  await open('desk-survey-frozen', `/desk/surveys/${survey}`)
  await open('desk-survey-letters', `/desk/surveys/${invited}`)
  await page.goto(`${url}/${locale}/desk/surveys`, { waitUntil: 'networkidle' })
  await page.locator('.desk-body button').first().click()
  await page.locator('form .desk-card').nth(3).waitFor()
  await shoot('desk-survey-builder')
}
