// A page gets its data from a route at its own address: server/routes/[locale]/<path>.get.ts. The route asks one use
// case, puts the answer where the page finds it (usePageData) and lets Nuxt render. See docs/architecture.md.
import { createError, defineEventHandler, getRouterParams, sendRedirect, setResponseHeader, type EventHandler } from 'h3'
import { z, type ZodType } from 'zod'
import { isLocale } from '#shared/locales'
import { renderPage } from './render-page.ts'
import { requestFacts, type RequestFacts } from './request-facts.ts'
import { toAppError } from './to-problem.ts'

/** The answer of a page that sends its visitor on. */
export class Redirect {
  readonly to: string
  readonly status: 302 | 303

  constructor(to: string, status: 302 | 303 = 303) {
    this.to = to
    this.status = status
  }
}

interface PageLoader<Data, Params> {
  /** Addresses that do not parse belong to another page, or to none: they get no data. */
  params?: ZodType<Params>
  /** Holds nothing of one person, so that it may be kept: the default is `no-store`. */
  isPublic?: boolean
  /** The page shows a form (PageForm) whose texts a change of language must not lose. */
  keepsTyped?: boolean | ((data: Data) => boolean)
  /** The page's one call. Refuses with AppError; headers and cookies are set on `event`. */
  load: (request: RequestFacts & { params: Params }) => Promise<Data | Redirect> | Data | Redirect
}

export function definePageData<Data, Params = Record<string, string>>({ params, isPublic = false, keepsTyped = false, load }: PageLoader<Data, Params>): EventHandler {
  return defineEventHandler(async (event) => {
    const given = getRouterParams(event, { decode: true })
    const parsed = (params ?? z.unknown()).safeParse(given)
    if (!isLocale(given.locale) || !parsed.success) return renderPage(event)

    if (!isPublic) setResponseHeader(event, 'cache-control', 'no-store')
    const data = await Promise.resolve(load({ ...requestFacts(event), params: parsed.data as Params })).catch((thrown: unknown) => {
      const error = toAppError(thrown)
      throw createError({ statusCode: error.statusCode, data: { code: error.code }, cause: error })
    })
    if (data instanceof Redirect) return sendRedirect(event, data.to, data.status)
    event.context.page = data
    event.context.keepsTyped = typeof keepsTyped === 'function' ? keepsTyped(data) : keepsTyped
    return renderPage(event)
  })
}
