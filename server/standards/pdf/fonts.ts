import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Where the two weights lie, as OpenType files. */
export interface PaperFonts { regular: string, bold: string }

/**
 * Noto Sans with the Chinese characters (SIL Open Font License: may be embedded). 17 MB, read for each paper and not kept: papers are rare.
 * @see docs/decisions/patrol-certificates.md
 */
export function paperFonts(): PaperFonts {
  const folder = join(dirname(createRequire(import.meta.url).resolve('@embedpdf/fonts-sc')), '../fonts')
  return { regular: join(folder, 'NotoSansHans-Regular.otf'), bold: join(folder, 'NotoSansHans-Bold.otf') }
}
