-- Purpose: the copy of an account holds what the roster knows of it.
-- Risk: none for data; export_account is written anew.

-- As in 20261125000160, and what the roster keeps.
create or replace function public.export_account(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_actor uuid := private.actor((p ->> 'actor')::uuid, (p ->> 'session')::uuid);
  v_wait integer;
begin
  if v_actor is null then
    return private.refuse('sign_in_required');
  end if;
  if not private.signed_in_recently((p ->> 'session')::uuid) then
    return private.refuse('sign_in_again');
  end if;
  v_wait := private.take_all(p -> 'limits');
  if v_wait > 0 then
    return private.refuse('rate_limited', jsonb_build_object('retry_after', v_wait));
  end if;
  perform private.log((select s.id from public.stations s where s.is_default), null, 'resident', 'account.exported', 'accounts', null);
  return (select jsonb_build_object('ok', true, 'now', private.clock(),
      'account', jsonb_build_object('email', u.email, 'created_at', u.created_at, 'last_sign_in_at', u.last_sign_in_at, 'has_password', coalesce(u.encrypted_password, '') <> '',
        'community', c.slug, 'locale', f.locale, 'profile_updated_at', f.updated_at),
      'verification', (select jsonb_build_object('community', k.slug, 'method', v.method, 'verified_on', v.verified_on)
        from private.verifications v join public.communities k on k.id = v.community_id where v.user_id = u.id),
      'telegram', (select jsonb_build_object('linked_at', l.linked_at, 'news', l.news) from private.telegram_links l where l.user_id = u.id),
      'subscriptions', coalesce((select jsonb_agg(private.subscription_facts(b) - '{id,is_own,token_hash,token_sealed,handle_hash,handle_sealed,communities,grids}'::text[] || jsonb_build_object(
          'communities', array(select k.slug from public.communities k where k.id = any (b.community_ids) order by k.slug), 'grids', array(select g.code from public.grids g where g.id = any (b.grid_ids) order by g.code)) order by b.number)
        from private.alert_subscriptions b where b.user_id = u.id), '[]'::jsonb),
      'volunteer', private.volunteer_copy(u.id),
      'consents', coalesce((select jsonb_agg(jsonb_build_object('purpose', s.purpose, 'version', s.version, 'title', t.title, 'text', t.body, 'is_given', s.is_given, 'at', s.at, 'channel', s.channel, 'locale', s.locale) order by s.id)
        from private.consents s join private.consent_texts t on t.purpose = s.purpose and t.version = s.version where s.user_id = u.id), '[]'::jsonb),
      'sessions', coalesce((select jsonb_agg(jsonb_build_object('started_at', s.created_at, 'refreshed_at', s.updated_at, 'is_this', s.id = (p ->> 'session')::uuid) order by s.created_at) from auth.sessions s where s.user_id = u.id), '[]'::jsonb),
      'mails', coalesce((select jsonb_agg(m.fact order by m.at, m.id) from (
          select o.id, o.created_at as at, private.mail_fact(o) || jsonb_build_object('reference', r.reference) as fact
          from public.reports r join public.outbox o on o.noun_id = r.id
          where (r.owner_id = u.id or r.owner_hash = p ->> 'owner_hash') and o.noun = 'reports' and (o.recipient_sealed is not null or o.recipient_id = u.id)
          union all
          select o.id, o.created_at, private.mail_fact(o) || jsonb_build_object('reference', r.reference)
          from public.outbox o left join public.reports r on r.id = o.noun_id
          where o.recipient_id = u.id and (r.owner_id is distinct from u.id) and (r.owner_hash is distinct from p ->> 'owner_hash')) m), '[]'::jsonb),
      'reports', coalesce((select jsonb_agg(r.reference order by r.received_at, r.id) from public.reports r where r.owner_id = u.id or r.owner_hash = p ->> 'owner_hash'), '[]'::jsonb))
    from auth.users u left join public.profiles f on f.user_id = u.id left join public.communities c on c.id = f.community_id where u.id = v_actor);
end;
$$;
