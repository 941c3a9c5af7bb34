import type { Community } from '#shared/communities/reference-data'
import { readPlace } from '../slots/read-place.ts'
import { beginDialogue, type Context, type Intent, type Move } from './intent.ts'

/** Whose community this is: the officer's card. */
export const officer: Intent = {
  name: 'officer',
  commands: ['officer'],
  words: {
    zh: /^(?:我?[要想]?)?(?:找|联系|查)?(?:一下)?(?:我们?的?|我们?(?:社区|小区|这里|这片)的?)?(?:社区民警|片警|民警|警务室)(?:是谁|电话|的电话|在哪里?)?[。？?]?$/,
    en: /^(?:find |who is |show )?(?:my|our|the) (?:community |neighbou?rhood |local )?(?:police )?officer[.?]?$/i,
  },
  async start(context, given) {
    const { conversation: { state }, ports, turn, locale } = context
    const reference = await ports.reference()
    const said = turn.location ? await ports.communityAt(turn.location) : readPlace(given || turn.text || '', locale, reference)?.community ?? state.community
    const community = reference.communities.find(({ slug }) => slug === said)
    return community ? card(context, community) : ask(context)
  },
  async next(context, dialogue) {
    const { turn, ports, locale, say } = context
    const reference = await ports.reference()
    const said = turn.location ? await ports.communityAt(turn.location) : turn.choice ?? readPlace(turn.text ?? '', locale, reference)?.community
    const community = reference.communities.find(({ slug }) => slug === said)
    if (community) return card(context, community)
    const asked = await ask(context)
    return { ...asked, dialogue, isNoAnswer: true, replies: [{ text: say('officer.unknown') }, ...asked.replies] }
  },
}

async function ask(context: Context): Promise<Move> {
  const { communities } = await context.ports.reference()
  return { replies: [{ text: context.say('officer.where'), choices: communities.map(({ slug, name }) => ({ id: `.${slug}`, label: name[context.locale] })) }], dialogue: beginDialogue(context, 'officer', 'community') }
}

async function card({ say, locale, ports }: Context, { slug, name, office, officers }: Community): Promise<Move> {
  const own = officers.find(({ kind }) => kind === 'officer') ?? officers[0]
  return {
    dialogue: null, remember: { community: slug },
    replies: [{
      text: say(own ? 'officer.is' : 'officer.none', { community: name[locale], name: own?.name[locale] ?? '' }),
      card: {
        kind: 'officer', name: own?.name[locale] ?? office?.name[locale] ?? name[locale], community: name[locale], ...(own && { badge: own.badge_number }), ...(office && { phone: office.phone }),
        rows: [
          ...(own ? [{ label: say('officer.badge'), value: own.badge_number }] : []),
          ...(office ? [{ label: say('officer.office'), value: `${office.name[locale]}, ${office.address[locale]}` }, { label: say('officer.phone'), value: office.phone }, { label: say('officer.hours'), value: office.reception_hours[locale] }] : []),
        ],
      },
      link: { href: `${ports.publicUrl}/${locale}/communities/${slug}`, label: say('officer.page', { community: name[locale] }) },
    }],
  }
}
