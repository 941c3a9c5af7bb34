// The desk's side of the ladder: worklist, the record at the door, and what climbed to lead and chief.
import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Browser, type Page } from '@playwright/test'
import { openLadder, type LadderCase, type Visitor } from '../ladder.ts'

test.describe.configure({ timeout: 120_000 })

async function as(browser: Browser, account: string, viewport = { width: 1280, height: 800 }) {
  const context = await browser.newContext({ locale: 'en-GB', viewport })
  const answer = await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
  expect(answer.status()).toBe(204)
  return context.newPage()
}

const phone = { width: 360, height: 740 }

async function expectNoFaults(page: Page) {
  const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), 'nothing is wider than the screen').toBe(true)
}

/** The resident says no, with why. */
async function sayNo(url: string, ladder: Awaited<ReturnType<typeof openLadder>>, one: LadderCase, comment: string) {
  const { id } = await ladder.lastStep(one)
  const answer = await fetch(`${url}/api/reports/${one.reference}/revisits/${id}/answer`, {
    method: 'POST', headers: { 'content-type': 'application/json', 'x-receipt': one.receipt }, body: JSON.stringify({ answer: 'unsatisfied', comment }),
  })
  expect(answer.status).toBe(200)
}

test('an officer at the door: one tap from the list, what is missing is said, what was typed outlives a lost network', async ({ browser, baseURL }) => {
  const ladder = await openLadder(String(baseURL))
  const amina = await ladder.accepted({ contact: { mode: 'named', name: 'Amina', phone: '138 0000 0444' } })
  const page = await as(browser, 'officer', phone)
  await page.goto('/en/desk/revisits')
  await expect(page.getByRole('heading', { name: 'Revisits', level: 1 })).toBeVisible()
  await expectNoFaults(page)

  await page.getByRole('link', { name: `Write down the visit for ${amina.reference}` }).click()
  await expect(page.getByRole('heading', { name: 'Officer\'s visit: write down' })).toBeFocused()
  await page.getByRole('button', { name: 'Save the visit' }).click()
  await expect(page.getByRole('alert').filter({ hasText: 'Still missing' })).toContainText('how you visited')
  await expectNoFaults(page)

  await page.getByRole('radio', { name: 'at the door' }).check()
  await page.getByRole('radio', { name: 'the resident', exact: true }).check()
  await page.getByRole('group', { name: 'Manner' }).getByRole('radio', { name: 'good' }).check()
  await page.getByLabel('Measures taken').fill('The lamp was ordered.')
  await page.getByRole('button', { name: 'Add a suggestion of the resident' }).click()
  await page.getByLabel('What the resident proposes').fill('A second lamp by the gate.')
  await page.getByRole('radio', { name: 'satisfied', exact: true }).check()
  await expect(page.getByText('recorded by officer', { exact: false }).first()).toBeVisible()
  await page.context().setOffline(true)
  await page.getByRole('button', { name: 'Save the visit' }).click()
  await expect(page.getByText('No connection to the station', { exact: false }).first()).toBeVisible()
  await expect(page.getByLabel('Measures taken')).toHaveValue('The lamp was ordered.')
  await page.context().setOffline(false)
  await page.getByRole('button', { name: 'Save the visit' }).click()

  const steps = page.getByRole('region', { name: 'Revisits', exact: true })
  await expect(steps.getByText('Answer at the visit: satisfied')).toBeVisible()
  await expect(steps.getByText('recorded by officer', { exact: true })).toBeVisible()
  await expect(steps.getByText('A second lamp by the gate.')).toBeVisible()
  expect(await ladder.lastStep(amina)).toMatchObject({ answer: 'satisfied' })

  await steps.getByRole('button', { name: 'Send the outcome back' }).click()
  await page.getByLabel('What came of it').fill('It stands since Monday.')
  await page.getByRole('button', { name: 'Send the outcome', exact: true }).click()
  await expect(steps.getByText('It stands since Monday.')).toBeVisible()
  expect(JSON.stringify(await ladder.tracked(amina)), 'it went back to the resident').toContain('It stands since Monday.')
})

test('what is typed at the door outlives a reload, is gone when it is sent or put aside, and is nobody else\'s', async ({ browser, baseURL }) => {
  const ladder = await openLadder(String(baseURL))
  const [amina, bo] = [await ladder.accepted(), await ladder.accepted()]
  const page = await as(browser, 'officer', phone)
  const kept = () => page.evaluate(() => JSON.stringify(Object.entries(sessionStorage)))
  const write = async ({ reference }: LadderCase, words: string) => {
    await page.goto(`/en/desk/reports/${reference}`)
    await page.getByRole('button', { name: 'Write down' }).click()
    await page.getByRole('radio', { name: 'at the station' }).check()
    await page.getByRole('button', { name: 'Add a suggestion of the resident' }).click()
    await page.getByLabel('What the resident proposes').fill('A lamp.')
    await page.getByLabel('Measures taken').fill(words)
  }
  await write(amina, 'The lamp was ordered.')
  await page.reload()
  await expect(page.getByText('Your draft was kept in this tab.')).toBeVisible()
  await expect(page.getByLabel('Measures taken')).toHaveValue('The lamp was ordered.')
  await expect(page.getByLabel('What the resident proposes')).toHaveValue('A lamp.')
  await expect(page.getByRole('radio', { name: 'at the station' })).toBeChecked()
  await expectNoFaults(page)
  await page.getByRole('radio', { name: 'the resident', exact: true }).check()
  await page.getByRole('button', { name: 'Save the visit' }).click()
  await expect(page.getByText('no answer yet', { exact: false })).toBeVisible()
  expect(await kept()).not.toContain('lamp')

  await write(bo, 'The lamp is broken.')
  expect(await kept()).toContain('The lamp is broken.')
  await page.getByRole('button', { name: 'Cancel' }).last().click()
  expect(await kept()).not.toContain('lamp')

  await write(bo, 'The lamp is on order.')
  expect(await kept()).toContain('The lamp is on order.')
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('button', { name: 'Sign out' }).click()
  await expect(page).toHaveURL(/sign-in/)
  expect(await kept()).not.toContain('lamp')
})

for (const [who, before] of [['lead', ['officer']], ['chief', ['officer', 'lead']]] as const satisfies [Visitor, Visitor[]][]) {
  test(`the ${who} finds what climbed and why, and writes the own visit down; the log shows that they read it`, async ({ browser, baseURL }) => {
    const ladder = await openLadder(String(baseURL))
    const amina = await ladder.accepted()
    for (const visitor of before) {
      await ladder.visit(amina, visitor)
      await sayNo(String(baseURL), ladder, amina, `The ${visitor} promised and nothing happened.`)
    }
    const page = await as(browser, who)
    await page.goto('/en/desk/revisits')
    await expect(page.getByRole('link', { name: 'Climbed to me' })).toHaveAttribute('aria-current', 'page')

    // Keyboard: v at the focused row writes the visit down.
    await page.locator(`a[data-row="${amina.reference}"]`).focus()
    await page.keyboard.press('v')
    await expect(page.getByText('Why it climbed', { exact: false })).toBeVisible()
    await expect(page.getByText(`The ${before.at(-1)} promised and nothing happened.`).first()).toBeVisible()
    await page.getByRole('radio', { name: 'on the tracking page' }).check()
    await page.getByRole('radio', { name: 'the resident', exact: true }).check()
    await page.getByRole('button', { name: 'Save the visit' }).click()
    await expect(page.getByRole('alert').filter({ hasText: 'Still missing' })).toContainText('the letter to the resident')
    await page.getByLabel('Letter to the resident').fill(`The ${who} asks: what is still missing?`)
    await page.getByRole('button', { name: 'Save the visit' }).click()

    await expect(page.getByRole('region', { name: 'Letters' }).getByText(`The ${who} asks: what is still missing?`)).toBeVisible()
    await expect(page.getByText('no answer yet', { exact: false })).toBeVisible()
    expect(await ladder.lastStep(amina)).toMatchObject({ level: who, state: 'to_answer', method: 'portal' })
    expect((await ladder.tracked(amina)).messages.map(({ text }) => text), 'the letter stands on the tracking page').toContain(`The ${who} asks: what is still missing?`)
  })
}

test('an officer cannot write down the visit of the lead, the auditor reads the list, the administrator sees none', async ({ browser, baseURL }) => {
  const ladder = await openLadder(String(baseURL))
  const amina = await ladder.accepted()
  await ladder.visit(amina, 'officer')
  await sayNo(String(baseURL), ladder, amina, 'No.')

  const officer = await as(browser, 'officer')
  await officer.goto(`/en/desk/reports/${amina.reference}`)
  await expect(officer.getByText('Team leader\'s visit').first()).toBeVisible()
  await expect(officer.getByRole('button', { name: 'Write down' })).toHaveCount(0)

  const auditor = await as(browser, 'auditor')
  await auditor.goto('/en/desk/revisits')
  await expect(auditor.getByRole('link', { name: 'Late station leaders' })).toHaveAttribute('aria-current', 'page')
  await expect(auditor.getByRole('link', { name: /^Write down/ })).toHaveCount(0)
  // They cannot know of the others, and nothing here says that all is done.
  await auditor.getByRole('link', { name: 'About the police: due' }).click()
  await expect(auditor.getByText('The others are looked after by the team leaders and station leaders, and are not listed here.', { exact: false })).toBeVisible()
  await expect(auditor.getByText('has been visited', { exact: false })).toHaveCount(0)

  const admin = await as(browser, 'admin')
  await admin.goto('/en/desk/revisits')
  await expect(admin.getByText('You cannot see reports, by design', { exact: false })).toBeVisible()
})

test('the chief adds a day of the station\'s own, takes it away, and both stand in the log', async ({ browser }) => {
  const page = await as(browser, 'chief')
  await page.goto('/en/desk/calendar')
  const day = `${new Date().getUTCFullYear() + 1}-06-15`
  await page.getByLabel('Day', { exact: true }).fill(day)
  await page.getByLabel('What it is').selectOption('closed')
  await page.getByLabel('Reason in Chinese').fill('所庆')
  await page.getByLabel('Reason in English').fill('Station day')
  await page.getByRole('button', { name: 'Add the day' }).click()
  await expect(page.getByRole('row').filter({ hasText: 'Station day' })).toContainText('station closed')
  await page.getByRole('button', { name: /^Remove / }).first().click()
  await expect(page.getByRole('row').filter({ hasText: 'Station day' })).toHaveCount(0)

  await page.goto('/en/desk/audit')
  await expect(page.getByRole('row').filter({ hasText: 'took a day out of the calendar' }).first()).toContainText(day)
})
