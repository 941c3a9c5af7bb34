import AxeBuilder from '@axe-core/playwright'
import { expect, test, type Page } from '@playwright/test'
import { aStaffMember, codeBefore, codeOf } from '../staff-member.ts'

test.use({ locale: 'en-GB' })

const portal = () => ({ supabaseUrl: process.env.LINLI_E2E_SUPABASE_URL ?? '', keys: { secretKey: process.env.LINLI_E2E_SECRET_KEY ?? '' }, dataDir: process.env.LINLI_E2E_DATA_DIR ?? '' })

async function signIn(page: Page, { email, password }: { email: string, password: string }) {
  await page.goto('/en/desk/sign-in?next=/en/desk/figures')
  await expect(page.getByRole('button', { name: 'Show password' })).toBeEnabled()
  await page.getByLabel('Email').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await page.getByRole('button', { name: 'Sign in', exact: true }).click()
}
const axe = async (page: Page) => expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([])

test('a new colleague sets up the second factor, is asked for it, locks the desk and gets in again without the phone', async ({ page, browser }) => {
  test.slow()
  const member = await aStaffMember(portal(), 'chief')
  await page.clock.install()

  await signIn(page, member)
  await expect(page).toHaveURL(/\/en\/desk\/second-factor\?next=/)
  await page.getByRole('button', { name: 'Show the QR code' }).click()
  await expect(page.getByRole('img', { name: 'QR code for the authenticator app' })).toBeVisible()
  await axe(page)
  const secret = await page.getByTestId('secret').innerText()
  await page.getByLabel('First code').fill(await codeBefore(secret))
  await page.getByRole('button', { name: 'Confirm' }).click()
  const shown = page.getByRole('list', { name: 'Ten recovery codes' }).getByRole('listitem')
  await expect(shown).toHaveCount(10)
  const codes = await shown.allInnerTexts()
  await axe(page)
  await expect(page.getByRole('button', { name: 'Continue' })).toBeDisabled()
  await page.getByLabel('I have kept them').check()
  await page.getByRole('button', { name: 'Continue' }).click()
  await expect(page).toHaveURL(/\/en\/desk\/figures$/)
  await expect(page.getByText(member.name)).toBeVisible()

  await page.clock.fastForward('14:30')
  await expect(page.getByRole('alert').filter({ hasText: 'locks in a minute' })).toBeVisible()
  await page.clock.fastForward('01:00')
  await expect(page).toHaveURL(/\/en\/desk\/unlock\?next=/)
  await expect(page.getByText(member.name)).toBeHidden()
  await axe(page)
  await page.getByLabel('Code').fill('000000')
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page.getByRole('alert')).toContainText('wrong, too old, or was used')
  await page.getByLabel('Code').fill(codeOf(secret))
  await page.getByRole('button', { name: 'Unlock' }).click()
  await expect(page).toHaveURL(/\/en\/desk\/figures$/)

  const elsewhere = await browser.newPage({ locale: 'en-GB', baseURL: process.env.LINLI_E2E_URL })
  await signIn(elsewhere, member)
  await elsewhere.getByLabel('Code').fill(codes[0] ?? '')
  await elsewhere.getByRole('button', { name: 'Continue' }).click()
  await expect(elsewhere).toHaveURL(/\/en\/desk\/figures$/)

  await page.getByRole('link', { name: 'Sign-ins' }).click()
  await expect(page.getByRole('heading', { name: 'My sign-ins' })).toBeVisible()
  await page.getByRole('button', { name: new RegExp(`^End: .*${member.name}$`) }).click()
  await expect(page.getByText('Ended', { exact: true }).first()).toBeVisible()
  await elsewhere.reload()
  await expect(elsewhere).toHaveURL(/\/en\/desk\/sign-in/)
  await elsewhere.close()
})

test('two others reset a lost second factor: the administrator proposes, the station leader confirms', async ({ page }) => {
  const member = await aStaffMember(portal())
  await signIn(page, member)
  await page.getByRole('button', { name: 'Show the QR code' }).click()
  const secret = await page.getByTestId('secret').innerText()
  await page.getByLabel('First code').fill(await codeBefore(secret))
  await page.getByRole('button', { name: 'Confirm' }).click()
  await page.getByLabel('I have kept them').check()

  const as = async (account: string) => {
    await page.context().clearCookies()
    await page.request.post('/api/session', { data: { email: `${account}@demo.linli`, password: 'linli-demo' }, headers: { 'sec-fetch-site': 'same-origin' } })
    await page.goto('/en/desk/people')
  }
  await as('admin')
  await page.getByRole('button', { name: `Propose a change for ${member.name}` }).click()
  const wish = page.getByRole('dialog')
  await wish.getByLabel('a new second factor').check()
  await wish.getByLabel('Reason').fill('lost the phone on patrol')
  await wish.getByRole('button', { name: 'Propose' }).click()
  const waiting = page.getByRole('article').filter({ hasText: 'lost the phone on patrol' })
  await expect(waiting).toContainText('Waits for a station leader')

  await as('chief')
  await waiting.getByRole('button', { name: 'Confirm' }).click()
  await expect(waiting.getByRole('button', { name: 'Confirm' })).toBeHidden()
  await signIn(page, member)
  await expect(page.getByRole('button', { name: 'Show the QR code' })).toBeVisible()
})
