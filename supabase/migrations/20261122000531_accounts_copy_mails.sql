-- Purpose: the copy of an account holds the mails about its reports, also those to an address that is kept sealed with the report.
-- Risk: none for data; two functions answer more.

-- One mail as a copy shows it: which, when, how, and what became of it. No code and no address.
create function private.mail_fact(p_mail public.outbox) returns jsonb
language sql stable set search_path = '' as $$
  select jsonb_build_object('at', p_mail.created_at, 'template', p_mail.template, 'channel', p_mail.channel, 'status', p_mail.status, 'settled_at', p_mail.settled_at);
$$;
revoke all on function private.mail_fact(public.outbox) from public;

create index outbox_by_report on public.outbox (noun_id) where noun_id is not null;

-- p: actor, session, owner_hash, limits[] → {ok, now, account, consents[], verification?, sessions[], mails[], reports[]}. Reports by reference only:
-- each is fetched by export_report when its turn in the file has come. Mails with a sign-in code are not in it: they name no account.
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

-- p: actor, session, owner_hash, reference → the tracking page of an own report, and with it what only a copy shows: the contact, and the mails
-- to whoever reported. Mails to staff are not theirs.
create or replace function public.export_report(p jsonb) returns jsonb
language plpgsql volatile security definer set search_path = '' as $$
declare
  v_tracked jsonb;
begin
  if not private.signed_in_recently((p ->> 'session')::uuid) then
    return private.refuse('sign_in_again');
  end if;
  v_tracked := public.track_report(jsonb_build_object('reference', p ->> 'reference', 'access', jsonb_build_object('actor', p ->> 'actor', 'session', p ->> 'session', 'owner_hash', p ->> 'owner_hash')));
  if not (v_tracked ->> 'ok')::boolean then
    return v_tracked;
  end if;
  return v_tracked || (select jsonb_build_object('contact_sealed', r.contact_sealed, 'contact_key', r.contact_key, 'notify_sealed', r.notify_sealed, 'occurred_at', r.occurred_at,
      'channel', r.channel, 'visibility', r.visibility, 'is_portal_only', r.is_portal_only,
      'mails', coalesce((select jsonb_agg(private.mail_fact(o) order by o.created_at, o.id) from public.outbox o
        where o.noun = 'reports' and o.noun_id = r.id and (o.recipient_sealed is not null or o.recipient_id = (p ->> 'actor')::uuid)), '[]'::jsonb))
    from public.reports r where r.reference = p ->> 'reference');
end;
$$;
