import { cookieCodes, cookieName, type PrivacyPage } from '#shared/trust/privacy-page'
import { getReferenceData } from '#server/domain/communities/get-reference-data'
import { readRetentionRules } from '#server/domain/trust/retention'
import { config } from '../../config.ts'
import { definePageData } from '../../http/page-data.ts'
import { getServices } from '../../services.ts'

export default definePageData<PrivacyPage>({
  isPublic: true,
  async load() {
    const isSecure = config().publicUrl.startsWith('https:')
    // What is promised has to be readable while the database is away, too.
    const [categories, rules] = await Promise.all([
      getServices().then(services => getReferenceData(services)).then(data => data.categories).catch(() => []),
      getServices().then(services => readRetentionRules(services)).catch(() => []),
    ])
    return {
      retention: categories.map(({ name, retention_days }) => ({ name, days: retention_days })),
      rules: rules.filter(({ ends }) => ends !== 'category').map(({ kind, ends, keepSeconds, name, happens }) => ({ kind, ends, keepSeconds, name, happens })),
      cookies: cookieCodes.map(code => ({ code, name: cookieName(code, isSecure) })),
    }
  },
})
