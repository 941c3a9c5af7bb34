import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { budgets, weighPage } from '../bench/weigh-pages.ts'
import { aPhone, arrangeNight } from './patrol-night-stage.ts'

/** Only with script: axe is one. */
async function expectNothingForAxe(page: Page, script: boolean) {
  if (!script) return
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
}

test('lin calls the roll on her phone; an old code is refused, amina checks in, bo is checked in with a reason; they go, and come home', async ({ browser }, { project }) => {
  test.setTimeout(120_000)
  const script = project.use.javaScriptEnabled !== false
  const [lin, amina, bo] = [await aPhone(browser, { script }), await aPhone(browser, { script }), await aPhone(browser, { script })]
  const night = await arrangeNight([{ email: lin.email, name: 'Lin Xia' }, { email: amina.email, name: 'Amina Yusuf' }, { email: bo.email, name: 'Bo Chen' }])
  try {
    await amina.page.goto('/en/patrols/me')
    await amina.page.getByRole('link', { name: 'Roll call' }).click()
    await expect(amina.page).toHaveURL(new RegExp(night.shift))
    await expect(amina.page.getByRole('main')).toContainText('The lead has not opened the roll call yet')
    await expect(amina.page.getByRole('main'), 'nobody but the lead reads names').not.toContainText('Bo Chen')

    await lin.page.goto(night.path)
    await lin.page.getByRole('button', { name: 'Open the roll call' }).click()
    await expect(lin.page.getByRole('status').first()).toHaveText('The roll call is open.')
    await expect(lin.page.getByRole('region', { name: '0 of 3 are here' })).toContainText('Amina Yusuf')
    await expect(lin.page.getByRole('button', { name: 'Start' })).toBeDisabled()
    await expectNothingForAxe(lin.page, script)

    await amina.page.reload()
    await amina.page.getByLabel('Code').fill(await night.codeOfBefore(11 * 60))
    await amina.page.getByRole('button', { name: 'Check in' }).click()
    await expect(amina.page.getByRole('alert')).toContainText('The code is wrong, or older than ten minutes')
    await expect(amina.page.getByText('Tries left: 4')).toBeVisible()
    await expectNothingForAxe(amina.page, script)
    await amina.page.getByLabel('Code').fill((await lin.page.locator('.roll-call-code').textContent())?.trim() ?? '')
    await amina.page.getByRole('button', { name: 'Check in' }).click()
    await expect(amina.page.getByRole('main')).toContainText('You checked in at')

    await lin.page.goto(night.path)
    await lin.page.getByText('Somebody is here but cannot use a phone').click()
    await lin.page.getByLabel('Bo Chen').check()
    await lin.page.getByRole('button', { name: 'Check in for them' }).click()
    await expect(lin.page.getByRole('alert')).toContainText('Enter at least 3 characters')
    await lin.page.getByLabel('Bo Chen').check()
    await lin.page.getByLabel('Why').fill('His battery is empty.')
    await lin.page.getByRole('button', { name: 'Check in for them' }).click()
    await expect(lin.page.getByRole('region', { name: '2 of 3 are here' })).toContainText('checked in by the lead')
    await lin.page.getByLabel('Code').fill((await lin.page.locator('.roll-call-code').textContent())?.trim() ?? '')
    await lin.page.getByRole('button', { name: 'Check in', exact: true }).click()
    await expect(lin.page.getByRole('status').first()).toHaveText('You are checked in.')
    await lin.page.getByRole('button', { name: 'Start' }).click()
    await expect(lin.page.getByRole('status').first()).toHaveText('You are on your way. Take care.')
    expect(await night.checkIns()).toEqual(['code', 'code', 'lead'])
    await expectNothingForAxe(lin.page, script)

    await amina.page.goto(night.path)
    await amina.page.getByRole('button', { name: 'I am done: check out' }).click()
    await expect(amina.page.getByRole('main')).toContainText('You checked out at')
    await lin.page.goto(night.path)
    await lin.page.getByRole('button', { name: /^Check out.*Bo Chen/ }).click()
    await lin.page.getByRole('button', { name: 'I am done: check out' }).click()
    await expect(lin.page.getByRole('main')).toContainText('This patrol is over')
  }
  finally {
    await night.close()
  }
})

test('whoever has no place on a night and does not lead it finds no such page', async ({ browser }, { project }) => {
  test.setTimeout(90_000)
  const script = project.use.javaScriptEnabled !== false
  const [lin, amina, mallory] = [await aPhone(browser, { script }), await aPhone(browser, { script }), await aPhone(browser, { script })]
  // Two: a shift of one is called off by the job.
  const night = await arrangeNight([{ email: lin.email, name: 'Lin Xia' }, { email: amina.email, name: 'Amina Yusuf' }])
  try {
    expect((await mallory.page.goto(night.path))?.status()).toBe(404)
    expect((await lin.page.goto(night.path))?.status()).toBe(200)
    await lin.page.getByRole('button', { name: 'Open the roll call' }).click()
    const { bytes, scriptBytes } = await weighPage(lin.page.context(), night.path)
    expect(bytes).toBeLessThanOrEqual(budgets.anyPage)
    expect(scriptBytes).toBeLessThanOrEqual(budgets.scripts)
  }
  finally {
    await night.close()
  }
})
