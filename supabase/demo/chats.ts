import { randomUUID } from 'node:crypto'
import type { TransactionSql } from 'postgres'
import { sealMessage, sealWord } from '../../server/domain/chat/thread-texts.ts'
import type { KeyRing } from '../../server/domain/trust/key-ring.ts'

interface Chat {
  locale: 'zh' | 'en'
  community: string
  openedMinutesAgo: number
  /** [who, minutes after the opening, words]; a negative number is before the hand-over. */
  turns: ['resident' | 'bot' | 'staff', number, string][]
  ended?: { after: number, rating: number, word: string }
}

/** Chats that the assistant handed over: one that waits, one that an officer has, one that ended. */
const chats: Chat[] = [
  {
    locale: 'zh', community: 'ping-an', openedMinutesAgo: 12,
    turns: [
      ['resident', -2, '我奶奶从老家来住，要办居住登记，她不认字'], ['bot', -2, '居住登记可以由家人陪着到派出所或社区办理。您是想问需要带什么，还是想请民警帮忙？'],
      ['resident', 0, '她坐轮椅，出门不方便，能不能上门办？'],
    ],
  },
  {
    locale: 'en', community: 'ping-an', openedMinutesAgo: 95,
    turns: [
      ['resident', -1, 'my landlord keeps my passport'], ['bot', -1, 'Nobody may keep your passport. Would you like a person at the station to help?'],
      ['resident', 0, 'yes. he says he needs it for the registration'], ['staff', 14, 'Good afternoon, this is the community officer. He may look at it and take a copy, but he must give it back at once. Shall I call him with you?'],
      ['resident', 21, 'I would like that. I am home after six'],
    ],
  },
  {
    locale: 'zh', community: 'ping-an', openedMinutesAgo: 3 * 1440,
    turns: [
      ['resident', -1, '楼下广场舞太吵，已经说过了'], ['bot', -1, '要不要请民警来回答？'],
      ['resident', 0, '要，孩子要中考'], ['staff', 9, '您好，我今晚七点去和她们说，把音箱调小、九点前结束。还吵您再告诉我。'], ['resident', 15, '好的谢谢'],
    ],
    ended: { after: 40, rating: 5, word: '当晚就安静了' },
  },
]

/** Keeps the demo's chats as the functions would have, at times that lie in the past. */
export async function seedDemoChats(sql: TransactionSql, keys: KeyRing, { now, stationId, communityIds, officer }: { now: Date, stationId: string, communityIds: Map<string, string>, officer: string }): Promise<void> {
  for (const { locale, community, openedMinutesAgo, turns, ended } of chats) {
    const at = (minutes: number) => new Date(now.getTime() - (openedMinutesAgo - minutes) * 60_000)
    const thread = randomUUID()
    const answer = turns.find(([from]) => from === 'staff')
    const last = turns.at(-1)
    const closed = ended && at(ended.after)
    await sql`insert into private.chat_threads (id, conversation_id, station_id, community_id, channel, locale, state, opened_at, waiting_since, answered_at, answered_by, staff_id, last_at, closed_at, closed_by, rating, rating_word_sealed, rated_at)
      values (${thread}, ${randomUUID()}, ${stationId}, ${communityIds.get(community) ?? null}, 'web', ${locale}, ${ended ? 'closed' : answer ? 'open' : 'waiting'}, ${at(0)}, ${!ended && last?.[0] === 'resident' ? at(last[1]) : null},
        ${answer ? at(answer[1]) : null}, ${answer ? officer : null}, ${answer ? officer : null}, ${closed ?? at(last?.[1] ?? 0)}, ${closed ?? null}, ${ended ? 'staff' : null},
        ${ended?.rating ?? null}, ${ended ? sealWord(keys, thread, ended.word) : null}, ${closed ?? null})`
    for (const [index, [from, minutes, words]] of turns.entries()) {
      const id = randomUUID()
      await sql`insert into private.chat_thread_messages (id, thread_id, number, at, author, is_before, staff_id, text_sealed)
        values (${id}, ${thread}, ${index + 1}, ${at(minutes)}, ${from}, ${minutes < 0}, ${from === 'staff' ? officer : null}, ${sealMessage(keys, id, words)})`
    }
  }
}
