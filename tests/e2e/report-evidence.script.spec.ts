// axe has to run in the page.
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { add, choose, list, openFiles } from './evidence-pages.ts'
import { send, track } from './report-pages.ts'
import { aPdf, aPhoto } from './sample-files.ts'

for (const colorScheme of ['light', 'dark'] as const) {
  test(`axe finds nothing where files are listed, refused or shown, in ${colorScheme} colours`, async ({ page }) => {
    await page.emulateMedia({ colorScheme })
    await openFiles(page)
    await choose(page).setInputFiles([await aPhoto(), aPdf()])
    await add(page)
    await expect(list(page)).toHaveCount(2)
    const found: string[] = []
    const examine = async () => {
      const { violations } = await new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']).analyze()
      found.push(...violations.map(({ id, nodes }) => `${new URL(page.url()).pathname}: ${id} ${nodes[0]?.html.slice(0, 160)}`))
    }
    await examine()
    await page.goto('/zh/reports/new/files?added')
    await examine()
    await page.goto('/zh/reports/new/check')
    await track(page, await send(page))
    await examine()

    expect(found).toEqual([])
  })
}
