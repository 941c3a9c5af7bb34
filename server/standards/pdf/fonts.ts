import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the two weights lie, as OpenType files. */
export interface PaperFonts { regular: string, bold: string }

/**
 * Noto Sans with the Chinese characters (SIL Open Font License: may be embedded). 17 MB, read for each paper and not kept: papers are rare.
 * @see docs/decisions/patrol-certificates.md
 */
export function paperFonts(): PaperFonts {
  // Asked for here and not above: while a built portal starts, its files do not know yet where they lie.
  const require = createRequire(import.meta.url)
  const folder = join(dirname(require.resolve('@embedpdf/fonts-sc')), '../fonts')
  return { regular: join(folder, 'NotoSansHans-Regular.otf'), bold: join(folder, 'NotoSansHans-Bold.otf') }
}
