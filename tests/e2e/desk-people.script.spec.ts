import { randomBytes } from 'node:crypto'
import { expect, test, type Browser } from '@playwright/test'
import { invitationFor } from '../invite.ts'
import { mailsTo } from '../mailbox.ts'

/** A page of somebody who is signed in already. */
async function as(browser: Browser, account: string) {
  const context = await browser.newContext({ locale: 'en-GB' })
  const answer = await context.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
  expect(answer.status()).toBe(204)
  const page = await context.newPage()
  await page.goto('/en/desk/people')
  return page
}

test('somebody new: proposed, confirmed, joined on a phone without script, given a community, and gone again', async ({ browser, baseURL }) => {
  test.setTimeout(120_000)
  const portal = String(baseURL)
  const mark = randomBytes(3).toString('hex')
  const [email, name] = [`lin-${mark}@station.example`, `Lin ${mark}`]

  const admin = await as(browser, 'admin')
  await admin.getByRole('button', { name: 'Invite somebody' }).click()
  const wish = admin.getByRole('dialog')
  await wish.getByLabel('Email').fill(email)
  await wish.getByLabel('Name in Chinese').fill(`林${mark}`)
  await wish.getByLabel('Name in Latin letters').fill(name)
  await wish.getByLabel('Badge number').fill(`09${mark}`)
  await wish.getByLabel('Role').selectOption('officer')
  await wish.getByLabel('Reason').fill('starts on Monday')
  await wish.getByRole('button', { name: 'Propose' }).click()
  await expect(admin.getByRole('article').filter({ hasText: name })).toContainText('starts on Monday')
  expect(await mailsTo(portal, email), 'nothing goes out before a chief agreed').toEqual([])

  const chief = await as(browser, 'chief')
  await chief.getByRole('article').filter({ hasText: name }).getByRole('button', { name: 'Confirm' }).click()
  const invited = chief.getByRole('region', { name: 'Invited' }).getByRole('article').filter({ hasText: name })
  await expect(invited).toContainText(email)
  const older = await invitationFor(portal, email)
  await chief.getByRole('button', { name: `Send again to ${name}` }).click()
  const link = await invitationFor(portal, email, older)

  const phone = await (await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 740 }, locale: 'en-GB' })).newPage()
  await phone.goto(older)
  await expect(phone.getByRole('heading', { name: 'This link no longer works' })).toBeVisible()
  await phone.goto(link)
  await expect(phone.getByText(`09${mark}`)).toBeVisible()
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await phone.getByLabel('Your password').fill('password1234')
  await phone.getByRole('button', { name: 'Join' }).click()
  await expect(phone.getByRole('alert').or(phone.locator('.error-summary')).first()).toContainText('stolen passwords')
  await phone.getByLabel('Your password').fill(`kettle drum ${mark} orchard`)
  await phone.getByRole('button', { name: 'Join' }).click()
  await expect(phone).toHaveURL(/\/en\/desk\/second-factor/)
  await phone.goto(link)
  await expect(phone.getByRole('heading', { level: 1 }), 'the link works once').toHaveText('This link no longer works')

  await chief.reload()
  const community = chief.getByRole('article').filter({ has: chief.getByRole('heading', { name: 'Hexie', exact: false }) })
  await community.getByRole('button', { name: /^Assign/ }).click()
  await chief.getByRole('dialog').getByLabel('stand-in').check()
  await chief.getByRole('dialog').getByLabel('Who').selectOption({ label: `${name}, Officer` })
  await chief.getByRole('dialog').getByRole('button', { name: 'Save' }).click()
  await expect(community).toContainText(`${name} · stand-in`)

  await chief.getByRole('button', { name: `End access of ${name}` }).click()
  await chief.getByRole('dialog').getByRole('button', { name: 'End access' }).click()
  await expect(chief.getByRole('region', { name: 'Without access' })).toContainText(name)
  await expect(community).not.toContainText(name)

  const auditor = await as(browser, 'auditor')
  await auditor.goto('/en/desk/audit')
  for (const said of ['confirmed a change of rights', 'joined the staff', 'ended somebody’s access']) await expect(auditor.getByRole('row').filter({ hasText: said }).first()).toBeVisible()
})

test('a chief finds no button that ends the access of a chief or an auditor, and why', async ({ browser }) => {
  const chief = await as(browser, 'chief')
  const card = chief.getByRole('listitem').filter({ has: chief.getByText('Auditor', { exact: true }) })
  await expect(card.first()).toContainText(/The last one of this role|ends when an administrator proposes it/)
  await expect(card.getByRole('button', { name: /End access/ })).toHaveCount(0)
  await expect(chief.getByRole('button', { name: /End access of/ }).first(), 'others it does').toBeVisible()
  await expect(chief.getByText('The station has no auditor')).toHaveCount(0)
})

test('an officer finds the page of people closed, a lead finds it without buttons', async ({ browser }) => {
  const officer = await as(browser, 'officer')
  await expect(officer.getByText('People are looked after by the station leader')).toBeVisible()

  const lead = await as(browser, 'lead')
  await expect(lead.getByRole('heading', { name: 'Chen Zhiyuan' })).toBeVisible()
  await expect(lead.getByRole('main').getByRole('button', { name: /access|Assign|Propose|Correct/ })).toHaveCount(0)
  await expect(lead.getByText('@demo.linli')).toHaveCount(0)
})
