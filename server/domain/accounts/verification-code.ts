import { randomInt } from 'node:crypto'
import { crockford } from '#shared/reports/receipt'
import type { KeyRing } from '../trust/key-ring.ts'

/** A paper code: twelve Crockford symbols, 60 random bits. */
export const newPaperCode = (): string => Array.from({ length: 12 }, () => crockford[randomInt(32)]).join('')

/** A code to show to an officer: eight digits, easy to read out, alive for ten minutes. */
export const newShownCode = (): string => String(randomInt(100_000_000)).padStart(8, '0')

/** What is kept of a paper code. */
export const paperCodeHash = (keys: KeyRing, code: string): string => keys.keyedHash('index', `paper code ${code}`)

/** What is kept of a code that is shown to an officer. */
export const shownCodeHash = (keys: KeyRing, code: string): string => keys.keyedHash('index', `shown code ${code}`)
