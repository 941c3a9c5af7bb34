import { z } from 'zod'

/** Where a page of a list ends: the instant by which the list is in order, and the id of its last row. */
export type ListPlace<Field extends string> = Record<Field | 'id', string>

/** A cursor as callers send it: opaque to them, base64url of the place. */
export function cursorSchema<Field extends string>(field: Field) {
  const place = z.object({ [field]: z.iso.datetime({ offset: true }), id: z.uuid() })
  return z.string().max(300).transform((text, context): ListPlace<Field> => {
    try {
      const parsed = place.safeParse(JSON.parse(atob(text.replaceAll('-', '+').replaceAll('_', '/'))))
      if (parsed.success) return parsed.data as ListPlace<Field> // just these two members, both texts
    }
    catch {
      // not ours: refused below like any other
    }
    context.addIssue({ code: 'custom', message: 'invalid' })
    return z.NEVER
  })
}

/** The text of a cursor, for `nextCursor`. */
export function writeCursor(place: ListPlace<string>): string {
  return btoa(JSON.stringify(place)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}
