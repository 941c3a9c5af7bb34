import path from 'node:path'
import { z } from 'zod'
import { StartError } from './start-error.ts'

const port = (standard: number) => z.coerce.number().int().min(1).max(65535).default(standard)

const configSchema = z.object({
  LINLI_DATA_DIR: z.string().min(1).default('.data'),
  SUPABASE_PORT: z.union([z.literal('off'), port(54321)], 'must be a port number, or off for none'),
  PORT: port(3000),
  PUBLIC_URL: z.url().optional(),
  LINLI_DEMO: z.enum(['0', '1']).default('1'),
  LINLI_MASTER_KEYS: z.string().optional(),
})

/** Settings of the embedded backend's own process. */
export type Config = {
  dataFolder: string
  /** `off`: the API listens on a socket file in the data folder. */
  apiPort: number | 'off'
  portalPort: number
  /** Where residents find the portal; stands in mails. */
  siteUrl: string
  demo: boolean
  /** When the operator brings his own, the demo is sealed with them instead of those in keys.json. */
  masterKeys: string | undefined
}

/**
 * Reads the environment once.
 * @throws StartError that names the wrong setting
 */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const parsed = configSchema.safeParse(withoutEmpty(environment))
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    throw new StartError(`The setting ${String(issue?.path[0])} is wrong: ${issue?.message}.`)
  }
  const { LINLI_DATA_DIR, SUPABASE_PORT, PORT, PUBLIC_URL, LINLI_DEMO, LINLI_MASTER_KEYS } = parsed.data
  return { dataFolder: path.resolve(LINLI_DATA_DIR), apiPort: SUPABASE_PORT, portalPort: PORT, siteUrl: PUBLIC_URL ?? `http://localhost:${PORT}`, demo: LINLI_DEMO === '1', masterKeys: LINLI_MASTER_KEYS }
}

const testSchema = z.object({ SUPABASE_URL: z.url(), SUPABASE_PUBLISHABLE_KEY: z.string(), SUPABASE_SECRET_KEY: z.string(), SUPABASE_DB_URL: z.string().optional() })

/** The Supabase that the contract tests are pointed at, if one is named. */
export function readTestConfig(environment: NodeJS.ProcessEnv = process.env) {
  if (!environment.SUPABASE_URL) return undefined
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY, SUPABASE_DB_URL } = testSchema.parse(withoutEmpty(environment))
  return { url: SUPABASE_URL, publishableKey: SUPABASE_PUBLISHABLE_KEY, secretKey: SUPABASE_SECRET_KEY, databaseUrl: SUPABASE_DB_URL }
}

function withoutEmpty(environment: NodeJS.ProcessEnv) {
  return Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
}
