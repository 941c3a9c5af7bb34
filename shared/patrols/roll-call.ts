import { z } from 'zod'

/** Six digits as people type them: blanks, dashes, full-width. */
export const rollCallCodeSchema = z.string({ error: 'required' }).max(60, 'patrols.errors.code').transform(text => text.normalize('NFKC').replace(/[\s-]/g, '')).pipe(z.string().regex(/^\d{6}$/, 'patrols.errors.code'))
