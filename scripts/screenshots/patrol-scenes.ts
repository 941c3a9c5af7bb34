import type { Page } from '@playwright/test'
import { anAccount, aRouteWithPosters, arrangeNight, newPassword } from '../../tests/arrange-night.ts'
import { runJobs } from '../../tests/run-jobs.ts'
import { signIn, type Stage } from './stage.ts'

/** Patrols as residents see them, a volunteer among them, and as the lead plans them. */
export async function patrol(page: Page, { url, locale, shoot }: Stage): Promise<void> {
  const open = async (name: string, path: string) => {
    await page.goto(`${url}/${locale}${path}`, { waitUntil: 'networkidle' })
    await shoot(name)
  }
  await open('patrols', '/patrols')
  await signIn(page, url, 'resident@demo.linli')
  await open('patrols-apply', '/patrols/apply')
  await page.locator('#main form button[type=submit]').last().click()
  await shoot('patrols-apply-refused')
  await page.context().clearCookies()
  await signIn(page, url, 'volunteer@demo.linli')
  await open('patrols-me', '/patrols/me')
  const swap = page.locator('button[value=ask_swap]').first()
  if (await swap.count()) await swap.click()
  await shoot('patrols-me-swap')
  await open('patrols-points', '/patrols/points')
  await open('patrols-rewards', '/patrols/rewards')
  const order = page.locator('button[value=order]').first()
  if (await order.count()) await order.click()
  await shoot('patrols-rewards-ordered')
  await open('patrols-certificates', '/patrols/certificates')
  const certificate = await page.locator('article.card').first().getAttribute('aria-labelledby')
  await open('verify-certificate', `/verify?certificate=${certificate ?? ''}`)
  await open('verify-certificate-unknown', '/verify?certificate=PT-0000-0000-0000')
  await page.context().clearCookies()
  await signIn(page, url, 'lead@demo.linli')
  await open('desk-patrols', '/desk/patrols')
  await open('desk-patrols-volunteers', '/desk/patrols?tab=volunteers')
  await open('desk-patrols-series', '/desk/patrols?tab=series')
  for (const tab of ['planner', 'routes', 'review'] as const) await open(`desk-patrols-${tab}`, `/desk/patrols?tab=${tab}`)
  await open('desk-patrols-points', '/desk/patrols?tab=points')
  await open('desk-patrols-rewards', '/desk/patrols?tab=rewards')
}

/** A night from the roll call to the report, as the lead and a volunteer see it on their phones, and what the desk sees of it. */
export async function walkPatrol(page: Page, { url, portal, locale, shoot }: Stage): Promise<void> {
  const [lin, amina] = [await anAccount(portal), await anAccount(portal)]
  const { route, addresses: [gate = ''] } = await aRouteWithPosters(portal)
  const night = await arrangeNight(portal, [{ email: lin, name: locale === 'zh' ? '林夏' : 'Lin Xia' }, { email: amina, name: locale === 'zh' ? '阿米娜' : 'Amina Yusuf' }], { route })
  const as = async (email: string, path: string) => {
    await page.context().clearCookies()
    await signIn(page, url, email, newPassword)
    await page.goto(`${url}/${locale}${path}`, { waitUntil: 'networkidle' })
  }
  const press = async (selector: string) => {
    await page.locator(selector).first().click()
    // A script sends the code and goes on from its answer.
    await page.waitForTimeout(1500)
    await page.waitForLoadState('networkidle')
  }
  const path = `/patrols/shifts/${night.shift}`
  const round = `/patrols/rounds/${night.shift}`
  const enter = async () => {
    await page.locator('input[name=code]').first().fill(await night.codeOfBefore(0))
    await press('form:has(input[value=enter]) button[type=submit]')
  }
  try {
    await as(lin, path)
    await shoot('night-lead-before')
    await press('button[value=open]')
    await shoot('night-lead-code')
    await enter()
    await as(amina, path)
    await shoot('night-volunteer')
    await page.locator('input[name=code]').first().fill('000000')
    await press('form:has(input[value=enter]) button[type=submit]')
    await shoot('night-volunteer-wrong')
    await enter()
    await shoot('night-volunteer-in')
    await as(lin, path)
    await shoot('night-lead-in')
    await press('button[value=start]')
    await shoot('night-lead-under-way')
    await as(amina, path)
    await shoot('night-volunteer-under-way')
    await page.goto(`${url}${gate}`, { waitUntil: 'networkidle' })
    await shoot('checkpoint')
    await press('#main form button[type=submit]')
    await shoot('checkpoint-passed')
    await page.goto(`${url}/${locale}${round}`, { waitUntil: 'networkidle' })
    await shoot('round')
    await page.locator('[name=routeWalked]').first().check()
    await page.locator('form details summary').first().click()
    await page.locator('[name=category1]').selectOption('fire_hazard')
    await page.locator('[name=text1]').fill(locale === 'zh' ? '东门旁有一根电线露在外面。' : 'A cable lies bare beside the east gate.')
    await shoot('round-filled')
    await page.locator('form:has([name=routeWalked]) button[type=submit]').last().click()
    await page.waitForLoadState('networkidle')
    await shoot('round-filed')
    await as(amina, path)
    await press('button[value=out]')
    await shoot('night-volunteer-home')
    await night.pass(100)
    await runJobs(portal.dataDir)
    await page.context().clearCookies()
    await signIn(page, url, 'lead@demo.linli')
    await page.goto(`${url}/${locale}/desk/patrols`, { waitUntil: 'networkidle' })
    await shoot('desk-patrols-after')
    await page.goto(`${url}/${locale}/desk/patrol-posters?route=${route}`, { waitUntil: 'networkidle' })
    await press('form button[type=submit]')
    await shoot('desk-patrol-posters')
  }
  finally {
    await night.close()
  }
}
