import { expect, test } from '@playwright/test'

test('a send that failed says so and is sent again under the same key: it happens once', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto('/en/chat')
  const keys: (string | null)[] = []
  let isDown = true
  await page.route('**/en/chat', async (route, request) => {
    if (request.method() !== 'POST') return route.continue()
    keys.push(new URLSearchParams(request.postData() ?? '').get('idempotencyKey'))
    if (!isDown) return route.continue()
    isDown = false
    // The server did it; only the answer is lost.
    await route.fetch()
    await route.abort('connectionreset')
  })

  await page.getByLabel('What would you like to say?').fill('my e-bike was stolen, what should I do')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('alert').filter({ hasText: 'It was not sent' })).toBeVisible({ timeout: 40_000 })
  await expect(page.getByRole('button', { name: 'Send again' })).toBeFocused()
  await page.getByRole('button', { name: 'Send again' }).click()

  await expect(page.getByRole('log')).toContainText('Read all of it', { timeout: 40_000 })
  expect(new Set(keys).size).toBe(1)
  await expect(page.getByRole('log').locator('.of-resident')).toHaveCount(1)
  await expect(page.getByLabel('What would you like to say?')).toBeFocused()
})

test('by keyboard alone: Shift+Enter makes a line, Enter sends, a choice leads to the next; half-typed words outlive a tap, a refusal says why', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto('/en/chat')
  const box = page.getByLabel('What would you like to say?')
  await box.focus()
  await page.keyboard.type('Somebody stole my bike last night in Ping An.')
  await page.keyboard.press('Shift+Enter')
  await page.keyboard.type('It is red.')
  await expect(box).toHaveValue('Somebody stole my bike last night in Ping An.\nIt is red.')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText('I understand', { timeout: 40_000 })
  await expect(box).toBeFocused()

  await box.fill('half a sentence')
  await page.getByRole('button', { name: 'Skip the rest' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText('Should we know who you are?')
  await expect(page.getByRole('button', { name: 'Anonymous', exact: true })).toBeFocused()
  await expect(box).toHaveValue('half a sentence')
  await page.keyboard.press('Enter')
  await expect(page.getByRole('log')).toContainText('Please check')
  await page.getByRole('button', { name: 'Cancel', exact: true }).click()
  await expect(page.getByRole('log')).toContainText('Nothing was sent, and what you wrote is not kept')

  await box.fill('y'.repeat(4_001))
  await page.locator('.chat-say').getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.locator('.chat-failed')).toContainText(/4,?000/)
  await expect(page.getByRole('log')).not.toContainText('yyyy')
  await expect(box).toHaveValue('y'.repeat(4_001))
  await expect(box).toBeFocused()
  await expect(page.getByRole('button', { name: 'Send again' })).toBeHidden()
})

test('two tabs are one conversation, and leaving by "Exit this page" ends it in both', async ({ page, context }) => {
  test.setTimeout(120_000)
  await page.route('https://**', route => route.fulfill({ body: 'elsewhere' }))
  await page.goto('/en/chat')
  const other = await context.newPage()
  await other.goto('/en/chat')
  await other.getByLabel('What would you like to say?').fill('fireworks')
  await other.keyboard.press('Enter')
  await expect(other.getByRole('log').locator('.of-assistant').last()).not.toContainText('Hello, I am', { timeout: 40_000 })

  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
  await expect(page.getByRole('log')).toContainText('fireworks')
  await page.getByRole('button', { name: 'Exit this page' }).click()
  await page.waitForURL(url => !url.pathname.endsWith('/chat'))
  expect((await context.cookies()).filter(({ name }) => name === 'linli-chat')).toEqual([])
  await other.reload()
  await expect(other.getByRole('log')).not.toContainText('fireworks')
})

test('the browser\'s own memory of a page that was left holds no receipt', async ({ page }) => {
  test.setTimeout(120_000)
  await page.goto('/en/chat')
  const tap = async (name: string) => {
    await page.getByRole('button', { name, exact: true }).click()
    await expect(page.locator('enhance-chat-form')).not.toHaveAttribute('aria-busy', { timeout: 40_000 })
  }
  await page.getByLabel('What would you like to say?').fill('Somebody stole my bike last night in Ping An')
  await tap('Send')
  await tap('Skip the rest')
  await tap('Anonymous')
  await page.locator('.chat-choices').getByRole('button', { name: 'Send', exact: true }).click()
  await expect(page.getByRole('button', { name: 'Copy reference and receipt' })).toBeVisible()
  await expect(page.locator('.chat .once')).toContainText(/(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}/)

  await page.evaluate(() => window.dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })))
  expect(await page.content()).not.toMatch(/(?:[0-9A-Z]{4}-){5}[0-9A-Z]{4}/)
})
