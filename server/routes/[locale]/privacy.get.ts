import { cookieCodes, cookieName, type PrivacyPage } from '#shared/trust/privacy-page'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { config } from '../../config.ts'
import { definePageData } from '../../http/page-data.ts'
import { getServices } from '../../services.ts'

export default definePageData<PrivacyPage>({
  isPublic: true,
  async load() {
    const isSecure = config().publicUrl.startsWith('https:')
    // What is promised has to be readable while the database is away, too.
    const categories = await getServices().then(services => getReferenceData(services)).then(data => data.categories).catch(() => [])
    return {
      retention: categories.map(({ name, retention_days }) => ({ name, days: retention_days })),
      cookies: cookieCodes.map(code => ({ code, name: cookieName(code, isSecure) })),
    }
  },
})
