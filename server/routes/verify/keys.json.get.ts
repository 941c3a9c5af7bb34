import { publicKeys } from '#server/domain/trust/statement'
import { defineApiHandler } from '../../http/api-handler.ts'
import { getServices } from '../../services.ts'

/** The public keys that statements, blocks and roots are checked with (RULES C3), as a JWK set (RFC 7517): all there ever were, with their validity. */
export default defineApiHandler({
  run: async () => ({ keys: publicKeys((await getServices()).keys) }),
})
