import { startPortal } from '../portal.ts'

/** One portal for all browser tests; the configuration reads its address in each worker. It believes one proxy, so that tests can be many people. */
export default async function setup() {
  const { url, supabaseUrl, keys, dataDir, stop } = await startPortal({ env: { TRUST_PROXY: '1' } })
  process.env.LINLI_E2E_URL = url
  process.env.LINLI_E2E_SUPABASE_URL = supabaseUrl
  process.env.LINLI_E2E_SECRET_KEY = keys.secretKey
  process.env.LINLI_E2E_DATA_DIR = dataDir
  return stop
}
