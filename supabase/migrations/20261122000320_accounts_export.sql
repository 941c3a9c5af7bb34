-- Purpose: a copy of everything the station keeps about an account, for its owner (RULES B3: their own visits are not logged on the
-- report; that a copy was made is in the log, without a name).
-- Risk: none for data, new functions.

-- What needs more than an open browser: the session began in the last ten minutes, by a code or a password.
create function private.signed_in_recently(p_session uuid) returns boolean
language sql stable security definer set search_path = '' as $$
  select exists (select from auth.sessions s where s.id = p_session and s.created_at > now() - interval '10 minutes');
$$;
comment on function private.signed_in_recently(uuid) is 'By the real clock: sessions do not move with a demo''s. Definer: auth.sessions is not readable by the API roles.';
revoke all on function private.signed_in_recently(uuid) from public;

create function public.is_signed_in_recently() returns boolean
language sql stable security definer set search_path = '' as $$
  select private.actor() is not null
    and private.signed_in_recently((nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'session_id')::uuid);
$$;
comment on function public.is_signed_in_recently() is 'Whether the page must ask for a fresh sign-in first. Definer: as signed_in_recently.';
revoke all on function public.is_signed_in_recently() from public;
grant execute on function public.is_signed_in_recently() to authenticated;

-- p: actor, session, owner_hash, limits[] → {ok, now, account, consents[], verification?, sessions[], mails[], reports[]}. Reports by reference only:
-- each is fetched by export_report when its turn in the file has come.
create function public.export_account(p jsonb) returns jsonb
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
      'mails', coalesce((select jsonb_agg(jsonb_build_object('at', o.created_at, 'template', o.template, 'status', o.status, 'reference', r.reference) order by o.id)
        from public.outbox o left join public.reports r on r.id = o.noun_id where o.recipient_id = u.id), '[]'::jsonb),
      'reports', coalesce((select jsonb_agg(r.reference order by r.received_at, r.id) from public.reports r where r.owner_id = u.id or r.owner_hash = p ->> 'owner_hash'), '[]'::jsonb))
    from auth.users u left join public.profiles f on f.user_id = u.id left join public.communities c on c.id = f.community_id where u.id = v_actor);
end;
$$;
comment on function public.export_account(jsonb) is 'What the station keeps about the caller. Definer: reads auth.users and private tables, their own rows only.';
revoke all on function public.export_account(jsonb) from public;
grant execute on function public.export_account(jsonb) to service_role;

-- p: actor, session, owner_hash, reference → the tracking page of an own report, and with it what only a copy shows: the contact.
create function public.export_report(p jsonb) returns jsonb
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
      'channel', r.channel, 'visibility', r.visibility, 'is_portal_only', r.is_portal_only)
    from public.reports r where r.reference = p ->> 'reference');
end;
$$;
comment on function public.export_report(jsonb) is 'Definer: texts and contacts have no SELECT grant.';
revoke all on function public.export_report(jsonb) from public;
grant execute on function public.export_report(jsonb) to service_role;
