import { expect, test, type Browser, type Page } from '@playwright/test'
import { openSurveySchema } from '../../shared/surveys/survey-schema.ts'
import { openSurvey } from '../arrange-survey.ts'
import { caller } from '../desk-caller.ts'
import type { Portal } from '../portal.ts'

const portal = { url: process.env.LINLI_E2E_URL ?? '', dataDir: process.env.LINLI_E2E_DATA_DIR ?? '' } as Portal

async function as(browser: Browser, account: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 900 } })
  expect((await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  return context.newPage()
}
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' })
const inBoth = async (page: Page, group: ReturnType<Page['getByRole']>, zh: string, en: string) => {
  await group.locator('[lang=zh]').first().fill(zh)
  await group.locator('[lang=en]').first().fill(en)
}

test('the officer drafts a branching survey, is told where a way goes wrong, and the lead approves it', async ({ browser }) => {
  test.setTimeout(120_000)
  const officer = await as(browser, 'officer')
  await officer.goto('/en/desk/surveys')
  await button(officer, 'New and empty').click()
  await expect(officer.getByRole('group', { name: 'Question 1' }).first()).toBeVisible()
  await button(officer, 'One choice').click()
  const second = officer.getByRole('group', { name: 'Question 2', exact: true })
  await button(officer, 'Save').click()
  await expect(officer.getByRole('alert')).toContainText('Something is still missing')
  await inBoth(officer, second.getByRole('group', { name: 'Question', exact: true }), '有路灯吗？', 'Are there lamps?')
  await inBoth(officer, second.getByRole('group', { name: 'Option 1' }), '有', 'There are')
  await inBoth(officer, second.getByRole('group', { name: 'Option 2' }), '没有', 'There are none')
  await officer.getByLabel('From the question bank').selectOption({ label: 'How old are you?' })
  const first = officer.getByRole('group', { name: 'Question 1', exact: true })
  await button(officer, 'Add a branch').first().click()
  await first.getByLabel('How', { exact: true }).selectOption('is')
  await first.getByLabel('What', { exact: true }).selectOption({ label: 'Very safe' })
  await first.getByLabel('Go to').selectOption({ label: '3. How old are you?' })
  await expect(officer.getByText('Every way comes to an end.')).toBeVisible()

  await button(officer, 'Move up: Question 3').click()
  await button(officer, 'Move up: Question 2').click()
  await expect(officer.getByRole('alert'), 'what leads back is said at once').toContainText('leads back')
  await button(officer, 'Move down: Question 1').click()
  await button(officer, 'Move down: Question 2').click()
  await officer.reload()
  await expect(officer.getByRole('group', { name: 'Question 3', exact: true }), 'what was not saved rests in the tab').toBeVisible()
  await button(officer, 'Save').click()
  await expect(officer.getByText('Saved.', { exact: true }).first()).toBeVisible()
  await expect(officer.getByText('A lead or the chief approves it.')).toBeVisible()
  await expect(button(officer, 'Approve and open')).toHaveCount(0)

  const preview = officer.getByRole('region', { name: 'Preview' })
  await preview.getByLabel('Very safe', { exact: true }).check()
  await preview.getByRole('button', { name: 'Next' }).click()
  await expect(preview.getByText('How old are you?')).toBeVisible()
  await preview.getByRole('button', { name: 'Back' }).click()
  await preview.getByLabel('Unsafe', { exact: true }).check()
  await preview.getByRole('button', { name: 'Next' }).click()
  await expect(preview.getByText('Are there lamps?'), 'the other way').toBeVisible()

  const lead = await as(browser, 'lead')
  await lead.goto(officer.url())
  await button(lead, 'Approve and open').click()
  const dialog = lead.getByRole('dialog')
  await expect(dialog).toContainText('neither questions nor times nor communities can change')
  await dialog.getByRole('button', { name: 'Approve and open' }).click()
  await expect(lead.getByText('This survey was approved; its questions stay as they are.', { exact: false })).toBeVisible()
  await expect(lead.getByRole('group', { name: 'Question 1', exact: true })).toHaveCount(0)
  const id = lead.url().split('/').at(-1) ?? ''
  const guest = await caller(portal.url, undefined, '10.4.5.7')
  expect(openSurveySchema.parse((await guest.call('GET', `surveys/${id}`)).body).survey.definition.questions.map(({ code }) => code)).toEqual(['sense_of_safety', 'question_2', 'age'])

  await lead.goto('/en/desk/surveys')
  await lead.getByRole('article').filter({ has: lead.locator(`a[href$="${id}"]`) }).getByRole('button', { name: /Another round/ }).click()
  await expect(lead.getByRole('group', { name: 'Question 3', exact: true }), 'the next round begins with the same questions').toBeVisible()
  for (const page of [officer, lead]) await page.context().close()
})

test('two colleagues change one draft: the second is told and loses nothing unasked', async ({ browser }) => {
  const [officer, lead] = [await as(browser, 'officer'), await as(browser, 'lead')]
  await officer.goto('/en/desk/surveys')
  await button(officer, 'New and empty').click()
  await expect(officer.getByRole('group', { name: 'Question 1', exact: true })).toBeVisible()
  await lead.goto(officer.url())
  await lead.getByRole('group', { name: 'Name of the survey' }).locator('[lang=en]').fill('Lamps of the lead')
  await button(lead, 'Save').click()
  await expect(lead.getByText('Saved.', { exact: true }).first()).toBeVisible()
  await officer.getByRole('group', { name: 'Name of the survey' }).locator('[lang=en]').fill('Lamps of the officer')
  await button(officer, 'Save').click()
  await expect(officer.getByText('Somebody else has changed this draft')).toBeVisible()
  await expect(officer.getByRole('group', { name: 'Name of the survey' }).locator('[lang=en]')).toHaveValue('Lamps of the officer')
  await button(officer, 'Load it again').click()
  await expect(officer.getByRole('group', { name: 'Name of the survey' }).locator('[lang=en]')).toHaveValue('Lamps of the lead')
  for (const page of [officer, lead]) await page.context().close()
})

test('the lead makes letters, which are seen once, and fixes a draw elsewhere', async ({ browser }) => {
  const survey = await openSurvey(portal, { mode: 'invited' })
  const lead = await as(browser, 'lead')
  await lead.goto(`/en/desk/surveys/${survey}`)
  await button(lead, 'Make letters: Ping\'an').click()
  await lead.getByLabel('How many', { exact: true }).fill('3')
  await lead.getByRole('dialog').getByRole('button', { name: 'Make letters' }).click()
  await expect(lead.getByText('These links are shown this once.', { exact: false })).toBeVisible()
  await expect(lead.locator('.desk-slips li')).toHaveCount(3)
  await button(lead, 'Close').click()
  await expect(lead.getByRole('article', { name: 'Ping\'an' })).toContainText('3 made, about 0 used')

  await button(lead, 'Draw who is invited: Changle').click()
  await lead.getByRole('dialog').getByLabel('How many are drawn').fill('20')
  await lead.getByRole('dialog').getByRole('button', { name: 'Fix the list' }).click()
  await expect(lead.getByRole('article', { name: 'Changle' })).toContainText('20 of 400 numbers, drawn by the root of')
  await expect(lead.getByRole('article', { name: 'Changle' }).getByRole('button'), 'no letters before the draw').toHaveCount(0)
  await lead.context().close()
})
