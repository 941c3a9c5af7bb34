import { statementKey } from '#server/domain/trust/statement'
import { defineApiHandler } from '../../http/api-handler.ts'
import { getServices } from '../../services.ts'

/** The public keys that statements are checked with (RULES C3), as a JWK set (RFC 7517). */
export default defineApiHandler({
  run: async () => ({ keys: [statementKey((await getServices()).keys)] }),
})
