/* Words of a survey that scripts in the browser need as well; definition.ts would bring a schema library along. */

/** Instead of an answer: asked, and the resident cannot say. Shown with every result, never among the answers that are counted. */
export const cannotSay = 'cannot_say'
/** As `goTo`: the survey is over. */
export const theEnd = 'end'
