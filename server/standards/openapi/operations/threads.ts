import { answerThreadSchema, chatHoursSchema, deskThreadSchema, setChatHoursSchema, threadListQuerySchema, threadListSchema, threadPathSchema, threadStateSchema } from '#shared/chat/thread-schema'
import { banSchema } from '#shared/reports/desk-schema'
import type { Operation } from '../operation.ts'

const desk = { noun: 'chat', access: 'desk' } as const

export const threadOperations: readonly Operation[] = [
  {
    ...desk, method: 'post', path: '/api/desk/chat/hours', id: 'setChatHours', body: setChatHoursSchema, summary: 'When colleagues answer in the chat, by lead or chief; residents are told',
    answers: [{ status: 200, says: 'The hours, and whether somebody answers now.', schema: chatHoursSchema }], errors: ['invalid_input'],
  },
  {
    ...desk, method: 'get', path: '/api/desk/chat/threads', id: 'listThreads', query: threadListQuerySchema, summary: 'Chats that were handed to a person, without their words',
    answers: [{ status: 200, says: 'A page of the view: waiting ones the longest first, others the newest first.', schema: threadListSchema }], errors: [],
  },
  {
    ...desk, method: 'get', path: '/api/desk/chat/threads/{id}', id: 'openThreadTexts', params: threadPathSchema, summary: 'Opens a chat: its words since the hand-over, and those before it that the resident passed on. Logged',
    answers: [{ status: 200, says: 'The chat.', schema: deskThreadSchema }], errors: [],
  },
  {
    ...desk, method: 'get', path: '/api/desk/chat/threads/{id}/state', id: 'peekThread', params: threadPathSchema, summary: 'Whether something new came, without a word of it',
    answers: [{ status: 200, says: 'Its state and the number of its last message.', schema: threadStateSchema }], errors: [],
  },
  {
    ...desk, method: 'post', path: '/api/desk/chat/threads/{id}/answers', id: 'answerThread', params: threadPathSchema, body: answerThreadSchema, summary: 'Answers where the resident is, and takes the chat. An id that was sent before does nothing twice',
    answers: [{ status: 204, says: 'On its way.' }], errors: ['conflict'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/chat/threads/{id}/close', id: 'closeThread', params: threadPathSchema, summary: 'Ends a chat; the resident is asked how it was, and the assistant answers again',
    answers: [{ status: 204, says: 'Ended.' }], errors: ['conflict'],
  },
  {
    ...desk, method: 'post', path: '/api/desk/chat/threads/{id}/ban', id: 'banChat', params: threadPathSchema, body: banSchema, summary: 'Hides what the Telegram chat behind a thread reports later, by lead or chief',
    answers: [{ status: 204, says: 'Banned.' }], errors: ['no_account'],
  },
]
