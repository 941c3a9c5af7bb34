import { expect, test, type Page } from '@playwright/test'
import { deskRoundSchema, overduePatrolsSchema } from '../../shared/patrols/round-schema.ts'
import { caller } from '../desk-caller.ts'
import { runJobs } from '../run-jobs.ts'
import { aPhone, arrangeNight, aRouteWithPosters } from './patrol-night-stage.ts'

const portalUrl = process.env.LINLI_E2E_URL ?? ''
const enter = async (page: Page, path: string, code: string) => {
  await page.goto(path)
  await page.getByLabel('Code').fill(code)
  await page.getByRole('button', { name: 'Check in', exact: true }).click()
  await expect(page.getByRole('main')).toContainText('You checked in at')
}

test('lin and amina tick the list, pass a checkpoint, report what they found; the desk reads it; who is late home is shown', async ({ browser }, { project }) => {
  test.setTimeout(150_000)
  const script = project.use.javaScriptEnabled !== false
  const [lin, amina, mallory] = [await aPhone(browser, { script }), await aPhone(browser, { script }), await aPhone(browser, { script })]
  const { route, addresses: [gate = ''] } = await aRouteWithPosters()
  const night = await arrangeNight([{ email: lin.email, name: 'Lin Xia' }, { email: amina.email, name: 'Amina Yusuf' }], { route })
  try {
    await lin.page.goto(night.path)
    await lin.page.getByRole('button', { name: 'Open the roll call' }).click()
    for (const { page } of [lin, amina]) await enter(page, night.path, await night.codeOfBefore(0))
    await amina.page.getByRole('link', { name: 'Checklist, route and report' }).click()
    await expect(amina.page.getByRole('region', { name: 'Report of the patrol' })).toContainText('Can be filled in once the patrol has started')
    const first = amina.page.getByRole('region', { name: 'Before you set out' }).getByRole('checkbox').first()
    await first.check()
    await amina.page.getByRole('button', { name: 'Save' }).click()
    await expect(amina.page.getByRole('status')).toHaveText('Checklist saved.')
    await expect(first).toBeChecked()
    await expect(amina.page.getByRole('region', { name: 'Before you set out' })).toContainText('confirmed by 1 of 2')

    await amina.page.goto(gate)
    await amina.page.getByRole('button', { name: 'We are here' }).click()
    await expect(amina.page.getByRole('status'), 'not on the way yet').toContainText('Nothing was noted')
    await lin.page.goto(night.path)
    await lin.page.getByRole('button', { name: 'Start' }).click()
    await amina.page.goto(gate)
    await amina.page.getByRole('button', { name: 'We are here' }).click()
    await expect(amina.page.getByRole('status')).toHaveText('Noted. Take care on your way.')
    await mallory.page.goto(gate)
    await mallory.page.getByRole('button', { name: 'We are here' }).click()
    await expect(mallory.page.getByRole('status'), 'whoever is not on this patrol').toContainText('Nothing was noted')

    await amina.page.goto(`/en/patrols/rounds/${night.shift}`)
    await expect(amina.page.getByRole('region', { name: 'Checkpoints' })).toContainText(/East gate · passed at \d\d:\d\d/)
    await amina.page.getByRole('button', { name: 'File the report' }).click()
    await expect(amina.page.getByRole('alert')).toContainText('Did you walk the route?')
    await amina.page.getByLabel('Part of it').check()
    await amina.page.getByLabel('How it went').fill('Quiet, and a lamp is out.')
    await amina.page.getByText('Finding 1', { exact: true }).click()
    await amina.page.getByLabel('Finding 1: category').selectOption('fire_hazard')
    await amina.page.getByLabel('Finding 1: where, and what').fill('A cable lies bare beside the east gate.')
    await amina.page.getByRole('button', { name: 'File the report' }).click()
    await expect(amina.page.getByRole('main')).toContainText(/LL-\w{4}-\w{4} · /)
    const reference = /LL-\w{4}-\w{4}/.exec(await amina.page.getByRole('main').textContent() ?? '')?.[0] ?? ''
    await amina.page.goto(`/en/patrols/rounds/${night.shift}`)
    await expect(amina.page.getByRole('region', { name: 'Report of the patrol' })).toContainText('Findings: 1.')
    await expect(amina.page.getByRole('main'), 'number and receipt are shown once').not.toContainText(reference)

    const officer = await caller(portalUrl, 'officer')
    const round = deskRoundSchema.parse((await officer.call('GET', `desk/patrols/shifts/${night.shift}/round`)).body)
    expect(round).toMatchObject({ summary: 'Quiet, and a lamp is out.', report: { routeWalked: 'partly', findings: 1 }, findings: [{ reference }] })
    await night.pass(100)
    const lead = await caller(portalUrl, 'lead')
    await runJobs(process.env.LINLI_E2E_DATA_DIR ?? '')
    expect(overduePatrolsSchema.parse((await lead.call('GET', 'desk/patrols/overdue')).body).patrols.map(({ shift }) => shift)).toContain(night.shift)
  }
  finally {
    await night.close()
  }
})
