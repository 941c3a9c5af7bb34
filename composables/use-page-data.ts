/**
 * What the route at this page's address loaded (server/http/page-data.ts). On the server only: residents' pages are not
 * hydrated. An address without data has no page.
 */
export function usePageData<Data>(): Data {
  const page: unknown = useRequestEvent()?.context.page
  if (page === undefined) throw createError({ statusCode: 404, fatal: true })
  return page as Data // the loader is typed with the same type from shared/
}
