import { chatAnswerSchema, chatCallSchema } from '#shared/chat/chat-call'
import type { Operation } from '../operation.ts'

export const chatOperations: readonly Operation[] = [
  {
    noun: 'chat', access: 'anyone', method: 'post', path: '/api/chat', id: 'takeTurn', summary: 'One turn with the assistant: it answers, files reports, follows them, or passes on to a person', body: chatCallSchema,
    answers: [{ status: 200, says: 'What the assistant says, and the conversation to go on with. `intent` is `emergency` with a card of that kind when the text speaks of present danger; `article` is the slug of the answer given.', schema: chatAnswerSchema }],
    errors: ['rate_limited', 'cross_origin', 'conflict'],
  },
]
