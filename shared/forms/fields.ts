import { z } from 'zod'

/** A text that has to be there. Blanks around it do not count. */
export const requiredText = (maxLength: number) => z.string('required').trim().min(1, 'required').max(maxLength, 'textMax')

/** A text that may be left out; a form sends an empty one. */
export const optionalText = (maxLength: number) => z.string().trim().max(maxLength, 'textMax').optional().transform(text => text || undefined)

/** Checkboxes of one name: none, one or several values. */
export const choices = <Item extends z.ZodType>(item: Item) =>
  z.preprocess(value => value === undefined ? [] : Array.isArray(value) ? value : [value], z.array(item))
