import { randomUUID } from 'node:crypto'
import { expect, test, type Page } from '@playwright/test'
import { deskVolunteersSchema, openedVolunteerSchema } from '../../shared/patrols/patrol-schema.ts'
import { budgets, weighPage } from '../bench/weigh-pages.ts'
import { caller } from '../desk-caller.ts'
import { codeFor } from '../mailbox.ts'

const portalUrl = process.env.LINLI_E2E_URL ?? ''

test.use({ viewport: { width: 390, height: 844 } })

/** Somebody new, signed in by a mailed code. */
async function join(page: Page, email: string) {
  await page.goto('/en/sign-up')
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Your community').selectOption('ping-an')
  await page.getByLabel('I agree to having an account').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await page.getByLabel('Code').fill(await codeFor(portalUrl, email))
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(/\/en\/account/)
}

/** The applicant of this name, as the desk finds them: names are opened one at a time. */
async function applicantNamed(name: string) {
  const officer = await caller(portalUrl, 'officer')
  const { volunteers } = deskVolunteersSchema.parse((await officer.call('GET', 'desk/patrols/volunteers?state=applied')).body)
  for (const { id } of volunteers) {
    const { contact } = openedVolunteerSchema.parse((await officer.call('GET', `desk/patrols/volunteers/${id}`)).body)
    if (contact?.name === name) return id
  }
  throw new Error(`nobody is called ${name}`)
}

async function decide(who: string, id: string, decision: Record<string, unknown>) {
  expect((await (await caller(portalUrl, who)).call('POST', `desk/patrols/volunteers/${id}/decisions`, decision)).status, `${who} ${String(decision.act)}`).toBe(200)
}

async function apply(page: Page, name: string) {
  await page.getByLabel('Ping\'an').check()
  await page.getByLabel('Saturday Evening').check()
  await page.getByLabel('Name', { exact: true }).fill(name)
  await page.getByLabel('Phone', { exact: true }).fill('0000-555-0199')
  await page.getByLabel('Emergency contact', { exact: true }).fill('Bo')
  await page.getByLabel('Their phone').fill('0000-555-0198')
}

test('amina learns of the patrol, applies, is reviewed by one and assessed by another, enrolled, takes a shift beside an experienced volunteer and leaves it', async ({ page }, { project }) => {
  test.setTimeout(90_000)
  const name = `Amina ${randomUUID().slice(0, 8)}`
  await page.goto('/en/patrols')
  await expect(page.getByRole('region', { name: 'Coming patrols' })).toContainText('Ping\'an')
  await expect(page.getByRole('main'), 'RULES I1: neither hour nor route').not.toContainText(/19:30|Old Street/)
  await page.getByRole('link', { name: 'Apply to join' }).click()
  await expect(page).toHaveURL(/\/en\/sign-in\?next=/)

  await join(page, `${randomUUID().slice(0, 8)}@example.test`)
  await page.goto('/en/patrols/apply')
  await apply(page, name)
  await page.getByRole('button', { name: 'Send the application' }).click()
  await expect(page.getByRole('alert')).toContainText('Read each of them and tick them all')
  await page.getByLabel('I am eighteen or older').check()
  await page.getByRole('button', { name: 'Send the application' }).click()
  await expect(page.getByRole('alert')).toContainText('Read each of them and tick them all')
  await expect(page.getByLabel('Name', { exact: true }), 'nothing that was typed is lost').toHaveValue(name)
  await expect(page.getByLabel('Saturday Evening')).toBeChecked()
  for (const title of ['I keep to the rules of patrolling', 'I have read about insurance', 'I keep to myself what I see']) await page.getByLabel(title).check()
  await page.getByRole('button', { name: 'Send the application' }).click()

  await expect(page.getByRole('status')).toHaveText('Your application was sent.')
  await expect(page.getByRole('region', { name: 'Application received' })).toBeVisible()
  const id = await applicantNamed(name)
  await decide('officer', id, { act: 'review' })
  await decide('lead', id, { act: 'assess' })
  await decide('lead', id, { act: 'enrol' })
  await page.goto('/en/patrols/me')
  await expect(page.getByRole('region', { name: 'Trainee' })).toBeVisible()

  // Each project its own shift of the demo's series: two places are free on each.
  const open = page.getByRole('region', { name: 'Open shifts' }).getByRole('article').filter({ hasText: 'Old Street at night' })
  const shift = open.nth(project.name === 'script' ? 0 : 1)
  await shift.getByRole('button', { name: /^Sign up/ }).click()
  await expect(page.getByRole('status')).toHaveText('You are on the shift.')
  const mine = page.getByRole('region', { name: 'My shifts' }).getByRole('article')
  await expect(mine).toHaveCount(1)
  await mine.getByRole('button', { name: /^Ask somebody/ }).click()
  await expect(mine).toContainText(/\/en\/patrols\/me\?swap=[0-9a-f-]{36}/)
  await mine.getByRole('button', { name: 'Keep it myself' }).click()
  await expect(page.getByRole('status')).toHaveText('You keep the shift.')
  await mine.getByRole('button', { name: /^Leave/ }).click()
  await expect(page.getByRole('status')).toHaveText('You left the shift.')
  await expect(mine).toHaveCount(0)

  await page.getByText('Leave the patrol').click()
  await page.getByRole('button', { name: 'Yes, leave' }).click()
  await expect(page.getByRole('region', { name: 'Left' })).toBeVisible()
})

test('bo is refused with a reason, appeals once, and is refused again without another appeal', async ({ page }) => {
  test.setTimeout(90_000)
  const name = `Bo ${randomUUID().slice(0, 8)}`
  await join(page, `${randomUUID().slice(0, 8)}@example.test`)
  await page.goto('/en/patrols/apply')
  await apply(page, name)
  for (const title of ['I am eighteen or older', 'I keep to the rules of patrolling', 'I have read about insurance', 'I keep to myself what I see']) await page.getByLabel(title).check()
  await page.getByRole('button', { name: 'Send the application' }).click()
  await expect(page.getByRole('status')).toHaveText('Your application was sent.')
  const id = await applicantNamed(name)
  await decide('officer', id, { act: 'refuse', note: 'You said that you work at night.' })

  await page.goto('/en/patrols/me')
  await expect(page.getByRole('region', { name: 'Not accepted' })).toContainText('You said that you work at night.')
  await page.getByRole('button', { name: 'Send the appeal' }).click()
  await expect(page.getByRole('alert')).toContainText('“Your reasons”: Enter at least 3 characters')
  await page.getByLabel('Your reasons').fill('My shifts have changed since.')
  await page.getByRole('button', { name: 'Send the appeal' }).click()
  await expect(page.getByRole('status')).toHaveText('Your appeal was sent.')
  await decide('lead', id, { act: 'refuse', note: 'The roster is full this year.' })
  await page.reload()
  await expect(page.getByRole('region', { name: 'Not accepted' })).toContainText('You have appealed once already.')
  await expect(page.getByRole('button', { name: 'Send the appeal' })).toHaveCount(0)
})

test('no page about patrols is heavier than its budget', async ({ context, baseURL, javaScriptEnabled }) => {
  expect((await context.request.post('/api/session', { data: { email: 'volunteer@demo.linli', password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  const weights = []
  const paths = ['zh', 'en'].flatMap(locale => [`/${locale}/patrols`, `/${locale}/patrols/me`, `/${locale}/patrols/points`, `/${locale}/patrols/rewards`, `/${locale}/patrols/certificates`, `/${locale}/verify`])
  for (const path of paths) weights.push(await weighPage(context, `${baseURL}${path}`))
  expect((await context.request.post('/api/session', { data: { email: 'resident2@demo.linli', password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })).status()).toBe(204)
  for (const locale of ['zh', 'en']) weights.push(await weighPage(context, `${baseURL}/${locale}/patrols/apply`))

  expect(weights.map(({ path }) => path)).toEqual([...paths, '/zh/patrols/apply', '/en/patrols/apply'])
  expect(weights.filter(({ bytes }) => bytes > budgets.anyPage)).toEqual([])
  expect(weights.filter(({ scriptBytes }) => scriptBytes > budgets.scripts)).toEqual([])
  if (javaScriptEnabled === false) expect(weights.filter(({ requests }) => requests > budgets.requestsWithoutScript)).toEqual([])
})
